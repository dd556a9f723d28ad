import Libc
package import PortModel

extension SystemError {
    /// There is no room for what was to be written.
    package var isFullDisk: Bool { number == ENOSPC || number == EDQUOT }
}

/// Files of this user alone, in a directory that was checked.
package enum PrivateFile {
    /// Replaces the file at `path` whole, with mode 0600: readers see the old text or the new one. A symbolic link,
    /// FIFO or directory that lies there is refused, not followed.
    package static func replace(_ path: String, with text: String) throws(SystemError) {
        try refuseStrangeFile(at: path)
        try PlainFile.replace(path, with: Array(text.utf8), mode: 0o600)
    }

    /// Makes an empty file with mode 0600 when nothing is at `path`. Throws EPERM for what is there and is no regular
    /// file of this user. One that is there is not opened: closing it would give up SQLite's locks on it.
    package static func makeIfMissing(_ path: String) throws(SystemError) {
        var status = stat()
        if lstat(path, &status) == 0 || errno != ENOENT { return try refuseStrangeFile(at: path) }
        let temporary = "\(path).\(getpid()).\(UInt32.random(in: 0...UInt32.max))"
        let descriptor = FileDescriptor(
            owning: try retrying("open", path) {
                open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
            }
        )
        _ = consume descriptor
        defer { unlink(temporary) }
        // Another program, or thread, may have been faster.
        guard link(temporary, path) == 0 || errno == EEXIST else { throw .last("link", path) }
        try refuseStrangeFile(at: path)
    }

    /// Opens the file at `path` for appending, making it with mode 0600. Refuses what ``replace(_:with:)`` refuses.
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
        return descriptor
    }

    /// Throws EPERM when something other than a regular file of this user lies at `path`; nothing there is fine.
    package static func refuseStrangeFile(at path: String) throws(SystemError) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            guard errno == ENOENT else { throw .last("lstat", path) }
            return
        }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid() else {
            throw SystemError("open", path, number: EPERM)
        }
    }

    /// Throws `insecure_path` when something other than a socket of this user lies at `path`; nothing there is fine.
    package static func refuseStrangeSocket(at path: String) throws(RegistryError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK, status.st_uid == geteuid() else {
            throw RegistryError(
                .insecurePath,
                "\(path) is in the way: it is no socket of yours",
                subject: path,
                hint: "look what it is, and remove it"
            )
        }
    }

    /// The size of the file at `path` in bytes; 0 when there is none.
    package static func size(of path: String) -> Int {
        var status = stat()
        return lstat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Removes the file; one that is not there is fine.
    package static func remove(_ path: String) { unlink(path) }

    /// What tells a file from another one of its name.
    package struct Identity: Hashable, Sendable {
        private let device: UInt64
        private let inode: UInt64

        /// `nil` when nothing is at `path`.
        package init?(path: String) {
            var status = stat()
            guard lstat(path, &status) == 0 else { return nil }
            device = UInt64(truncatingIfNeeded: status.st_dev)
            inode = UInt64(status.st_ino)
        }
    }

    /// Removes the file at `path`, unless it is another one by now.
    package static func remove(_ path: String, ifStill identity: Identity?) {
        if let identity, identity == Identity(path: path) { unlink(path) }
    }

    /// Gives the file a new name, replacing what had it. Throws what rename(2) says.
    package static func move(_ path: String, to other: String) throws(SystemError) {
        guard rename(path, other) == 0 else { throw .last("rename", path) }
    }
}
