#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Files for the user to read, with the modes that the user's umask gives.
package enum PlainFile {
    /// Makes the missing folders above `path`.
    package static func makeFolders(of path: String) throws(SystemError) {
        var folder = ""
        for part in path.split(separator: "/").dropLast() {
            folder += "/\(part)"
            if mkdir(folder, 0o777) != 0 && !CurrentProcess.folderExists(folder) { throw .last("mkdir", folder) }
        }
    }

    /// Replaces the file at the absolute `path` whole. A link there is replaced, not written through.
    package static func replace(_ path: String, with bytes: [UInt8]) throws(SystemError) {
        try replace(path, with: bytes, mode: 0o666)
    }

    static func replace(_ path: String, with bytes: [UInt8], mode: mode_t) throws(SystemError) {
        let temporary = "\(path).\(getpid())"
        unlink(temporary)
        do {
            let descriptor = FileDescriptor(
                owning: try retrying("open", temporary) {
                    open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
                }
            )
            do throws(SystemError) {
                try CurrentProcess.write(bytes, to: descriptor.number)
            } catch {
                unlink(temporary)
                throw SystemError(error.call, path, number: error.number)
            }
        }
        if rename(temporary, path) != 0 {
            let error = SystemError.last("rename", path)
            unlink(temporary)
            throw error
        }
    }
}
