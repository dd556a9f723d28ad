import Libc

/// Files for the user to read, with the modes that the user's umask gives.
package enum PlainFile {
    /// Makes the missing directories above `path`.
    package static func makeDirectories(of path: String) throws(SystemError) {
        var directory = ""
        for part in path.split(separator: "/").dropLast() {
            directory += "/\(part)"
            if mkdir(directory, 0o777) != 0 && !Directory.exists(directory) { throw .last("mkdir", directory) }
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
                try StandardStreams.write(bytes, to: descriptor.number)
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
