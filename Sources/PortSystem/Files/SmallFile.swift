import Libc

/// Reads small text files without Foundation.
package enum SmallFile {
    /// Returns the first bytes of the file at `path`, at most `limit`; none when it cannot be read.
    package static func beginning(of path: String, limit: Int) -> [UInt8] {
        let number = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard number >= 0 else { return [] }
        let descriptor = FileDescriptor(owning: number)
        return [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            count = max(0, read(descriptor.number, buffer.baseAddress, limit))
        }
    }

    /// Returns the last bytes of the regular file at `path`, and whether there are more before them.
    package static func end(of path: String, limit: Int) -> (bytes: [UInt8], isCut: Bool) {
        let number = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard number >= 0 else { return ([], false) }
        let descriptor = FileDescriptor(owning: number)
        let start = max(0, lseek(descriptor.number, 0, SEEK_END) - off_t(limit))
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            count = max(0, pread(descriptor.number, buffer.baseAddress, limit, start))
        }
        return (bytes, start > 0)
    }

    /// Returns the content of the regular file at `path`; `nil` when there is none, it is longer than `limit` bytes, or
    /// it is not valid UTF-8. Never blocks, not even on a FIFO.
    package static func text(at path: String, limit: Int = 65536) -> String? {
        bytes(at: path, limit: limit).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// Returns the content of a file as ``text(at:limit:)`` does, but with the spelling of ``PathText`` for a file that
    /// is not valid UTF-8, because it contains paths.
    package static func pathText(at path: String, limit: Int = 65536) -> String? {
        bytes(at: path, limit: limit).map(PathText.path)
    }

    private static func bytes(at path: String, limit: Int) -> [UInt8]? {
        let number = open(PathText.bytes(of: path), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard number >= 0 else { return nil }
        let descriptor = FileDescriptor(owning: number)
        var status = stat()
        guard fstat(descriptor.number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        guard let bytes = try? descriptor.beginning(limit: limit + 1), bytes.count <= limit else { return nil }
        return bytes
    }
}
