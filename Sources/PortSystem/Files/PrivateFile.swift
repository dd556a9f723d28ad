import Libc

/// Files that only this user may access, in a directory that has been checked.
package enum PrivateFile {
    /// Replaces the file at `path` atomically by one with mode 0600: readers see either the old text or the new one.
    /// Throws EPERM for a symbolic link, FIFO or directory at `path`, and the error of the call that failed.
    package static func replace(_ path: String, with text: String) throws(SystemError) {
        try checkOwnFile(at: path)
        try PlainFile.replace(path, with: Array(text.utf8), mode: 0o600)
    }

    /// Creates an empty file with mode 0600 when nothing exists at `path`. Throws EPERM when something exists that is
    /// not a regular file of this user. An existing file is not opened, because closing it would release SQLite's locks
    /// on it.
    package static func makeIfMissing(_ path: String) throws(SystemError) {
        var status = stat()
        if lstat(path, &status) == 0 || errno != ENOENT { return try checkOwnFile(at: path) }
        let temporary = "\(path).\(getpid()).\(UInt32.random(in: 0...UInt32.max))"
        let descriptor = FileDescriptor(
            owning: try retrying("open", path) {
                open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
            }
        )
        _ = consume descriptor
        defer { unlink(temporary) }
        try PlainFile.grantOwner(0o600, to: temporary)
        // Another process or thread may have created the file in the meantime.
        guard link(temporary, path) == 0 || errno == EEXIST else { throw .last("link", path) }
        try checkOwnFile(at: path)
    }

    /// Opens the file at `path` for appending, and creates it with mode 0600 when it is missing. Throws EPERM unless it
    /// is a regular file of this user, and the error of open(2).
    package static func openForAppending(_ path: String) throws(SystemError) -> FileDescriptor {
        let descriptor = FileDescriptor(
            owning: try retrying("open", path) {
                open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
            }
        )
        var status = stat()
        guard fstat(descriptor.number, &status) == 0 else { throw .last("fstat", path) }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid() else {
            throw SystemError("open", path, number: EPERM)
        }
        try PlainFile.grantOwner(0o600, to: path)
        return descriptor
    }

    /// Throws EPERM when something exists at `path` that is not a regular file of this user; ``fault(at:)`` has the
    /// words for it.
    package static func checkOwnFile(at path: String) throws(SystemError) {
        if try obstacle(at: path) != nil { throw SystemError("open", path, number: EPERM) }
    }

    /// Why ``checkOwnFile(at:)`` refuses what is at `path`, such as `it is a symbolic link to "…"`; `nil` when it does
    /// not.
    package static func fault(at path: String) -> String? {
        let obstacle: stat
        do {
            guard let found = try self.obstacle(at: path) else { return nil }
            obstacle = found
        } catch {
            return error.reason
        }
        switch obstacle.st_mode & S_IFMT {
        case S_IFREG: return "it belongs to user id \(obstacle.st_uid), not to you"
        case S_IFLNK: return "it is a symbolic link\(Directory.target(ofLink: path).map { " to \"\($0)\"" } ?? "")"
        case S_IFDIR: return "it is a directory"
        default: return "it is not a regular file"
        }
    }

    /// Returns the status of what is at `path`; `nil` for nothing and for a regular file of this user.
    private static func obstacle(at path: String) throws(SystemError) -> stat? {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            guard errno == ENOENT else { throw .last("lstat", path) }
            return nil
        }
        return status.st_mode & S_IFMT == S_IFREG && status.st_uid == geteuid() ? nil : status
    }

    /// Whether a symbolic link is at `path`.
    package static func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    /// Throws when something exists at `path` that is not a socket of this user.
    package static func checkOwnSocket(at path: String) throws(SystemError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK, status.st_uid == geteuid() else {
            throw SystemError(.notASocket, of: path)
        }
    }

    /// Returns the size of the file at `path` in bytes; 0 when there is none.
    package static func size(of path: String) -> Int {
        var status = stat()
        return lstat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Removes the file at `path`, if it exists.
    package static func remove(_ path: String) { unlink(path) }

    /// The device and inode of a file, which distinguish it from a later file at the same path.
    package struct Identity: Hashable, Sendable {
        private let device: UInt64
        private let inode: UInt64

        /// Reads the identity of the file at `path` without following a symbolic link; `nil` when nothing exists there.
        package init?(path: String) {
            var status = stat()
            guard lstat(path, &status) == 0 else { return nil }
            device = UInt64(truncatingIfNeeded: status.st_dev)
            inode = UInt64(status.st_ino)
        }
    }

    /// Removes the file at `path` if it still has this identity.
    package static func remove(_ path: String, ifStill identity: Identity?) {
        if let identity, identity == Identity(path: path) { unlink(path) }
    }

    /// Renames the file at `path` to `other`, and replaces a file there. Throws the error of rename(2).
    package static func move(_ path: String, to other: String) throws(SystemError) {
        guard rename(path, other) == 0 else { throw .last("rename", path) }
    }
}
