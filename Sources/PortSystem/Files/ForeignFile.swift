import Libc

/// A file of another program, which is only read: with the rights of this process, and within a limit.
package struct ForeignFile: Sendable {
    /// The path without symbolic links, as ``PathText`` spells it.
    package let path: String
    package let bytes: [UInt8]
    /// The path as it was given, which errors name.
    private let givenPath: String

    /// Reads the regular file at `path`, which ``PathText`` spelled, of at most `limit` bytes. Follows symbolic links,
    /// and never blocks, not even on a FIFO.
    package init(path: String, limit: Int) throws(SystemError) {
        guard let resolved = realpath(PathText.bytes(of: path), nil) else { throw Self.notReadable(path) }
        defer { free(resolved) }
        self.path = PathText.path(resolved)
        givenPath = path
        bytes = try Self.read(self.path, limit: limit, subject: path)
    }

    private static func read(_ path: String, limit: Int, subject: String) throws(SystemError) -> [UInt8] {
        let number = open(PathText.bytes(of: path), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard number >= 0 else { throw notReadable(subject) }
        let descriptor = FileDescriptor(owning: number)
        var status = stat()
        guard fstat(descriptor.number, &status) == 0 else { throw notReadable(subject) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw SystemError(.notARegularFile, of: subject) }
        guard status.st_size <= limit else { throw SystemError(.tooLarge(maximum: limit), of: subject) }
        let bytes: [UInt8]
        // The file may grow, and those of /proc have no size.
        do {
            bytes = try descriptor.beginning(limit: limit + 1, path)
        } catch {
            throw SystemError(.notReadable(reason: error.reason), of: subject)
        }
        if bytes.count > limit { throw SystemError(.tooLarge(maximum: limit), of: subject) }
        return bytes
    }

    /// Returns the failure of the call that was made last as that of reading the file.
    private static func notReadable(_ subject: String) -> SystemError {
        SystemError(.notReadable(reason: SystemError.last("open").reason), of: subject)
    }

    /// Calls `body` with the path of a copy in a private directory, which is removed afterwards. SQLite's log and
    /// journal, which lie beside the file, are copied with it. `nil` when another program went on writing meanwhile.
    /// Throws `SystemError` when there is no copy, and rethrows.
    package func withCopy<Value>(
        limit: Int,
        _ body: (String) throws -> Value
    ) throws -> Value? {
        for _ in 0..<3 {
            let before = Self.suffixes.map { Stamp(path: path + $0) }
            let main = try Self.read(path, limit: limit, subject: givenPath)
            let others = try Self.suffixes.dropFirst().map { suffix in
                (
                    suffix,
                    Stamp(path: path + suffix) == nil
                        ? nil : try Self.read(path + suffix, limit: limit, subject: givenPath)
                )
            }
            guard before == Self.suffixes.map({ Stamp(path: path + $0) }) else { continue }
            let directory = try copying(Self.makeDirectory)
            defer { Self.remove(directory) }
            try copying { () throws(SystemError) in
                try PlainFile.replace("\(directory)/copy", with: main, mode: 0o600)
                for (suffix, bytes) in others {
                    if let bytes { try PlainFile.replace("\(directory)/copy\(suffix)", with: bytes, mode: 0o600) }
                }
            }
            return try body("\(directory)/copy")
        }
        return nil
    }

    /// Runs `body`, and rethrows its failure as that of copying the file.
    private func copying<Value>(_ body: () throws(SystemError) -> Value) throws(SystemError) -> Value {
        do { return try body() } catch { throw SystemError(.notCopied(reason: "\(error)"), of: givenPath) }
    }

    private static let suffixes = ["", "-wal", "-journal"]

    private static func makeDirectory() throws(SystemError) -> String {
        var template = Array("\(Environment.value("TMPDIR") ?? "/tmp")/portctl-import-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw .last("mkdtemp", Environment.value("TMPDIR") ?? "/tmp") }
        return template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    private static func remove(_ directory: String) {
        for suffix in suffixes + ["-shm"] { unlink("\(directory)/copy\(suffix)") }
        rmdir(directory)
    }

    /// What changes when a file is written.
    private struct Stamp: Equatable {
        private let inode: UInt64
        private let size: Int64
        private let seconds: Int
        private let nanoseconds: Int

        init?(path: String) {
            var status = stat()
            guard stat(PathText.bytes(of: path), &status) == 0 else { return nil }
            inode = UInt64(status.st_ino)
            size = Int64(status.st_size)
            #if os(Linux)
                let time = status.st_mtim
            #else
                let time = status.st_mtimespec
            #endif
            seconds = time.tv_sec
            nanoseconds = time.tv_nsec
        }
    }
}
