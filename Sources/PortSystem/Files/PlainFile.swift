import Libc

/// Writes files for the user to read. The user's umask decides their modes, but does not remove the user's own access.
package enum PlainFile {
    /// Creates the missing directories above `path`. Throws the error of mkdir(2).
    package static func makeDirectories(of path: String) throws(SystemError) {
        var directory = ""
        for part in path.split(separator: "/").dropLast() {
            directory += "/\(part)"
            if mkdir(PathText.bytes(of: directory), 0o777) == 0 {
                try grantOwner(0o700, to: directory)
            } else if !Directory.exists(directory) {
                throw .last("mkdir", directory)
            }
        }
    }

    /// Replaces the file at the absolute `path` atomically. A symbolic link is replaced, not followed. Throws the error
    /// of open(2), write(2) or rename(2).
    package static func replace(_ path: String, with bytes: [UInt8]) throws(SystemError) {
        try replace(path, with: bytes, mode: 0o666)
    }

    /// Adds the owner's access in `mode`, which the umask may have removed: chmod(2).
    static func grantOwner(_ mode: mode_t, to path: String) throws(SystemError) {
        let bytes = PathText.bytes(of: path)
        var status = stat()
        guard lstat(bytes, &status) == 0, status.st_mode & mode != mode else { return }
        guard chmod(bytes, (status.st_mode & 0o7777) | mode) == 0 else { throw .last("chmod", path) }
    }

    /// Replaces the file as ``replace(_:with:)`` does; the umask applies to `mode`.
    static func replace(_ path: String, with bytes: [UInt8], mode: mode_t) throws(SystemError) {
        let temporary = "\(path).\(getpid())"
        let (source, target) = (PathText.bytes(of: temporary), PathText.bytes(of: path))
        unlink(source)
        do {
            let descriptor = FileDescriptor(
                owning: try retrying("open", temporary) {
                    open(source, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
                }
            )
            do throws(SystemError) {
                try grantOwner(0o600, to: temporary)
                try StandardStreams.write(bytes, to: descriptor.number)
            } catch {
                unlink(source)
                throw SystemError(error.call, path, number: error.number)
            }
        }
        if rename(source, target) != 0 {
            let error = SystemError.last("rename", path)
            unlink(source)
            throw error
        }
    }
}
