import Libc

extension HomeDirectory {
    /// Creates the directory with mode 0700 when it is missing. Removes all access of other users from an existing one
    /// that they may only read. Throws for one that another user could have prepared: a symbolic link, something that
    /// is not a directory, and a directory that belongs to or is writable by others. Also throws for the root
    /// directory, for a directory of other files, and when the directory cannot be created or written to, and throws
    /// like ``checkSocketPath()``.
    package func prepare() throws(SystemError) {
        try check()
        guard !exists else { return try restrict() }
        if mkdir(path, 0o700) == 0 {
            // The umask may have removed the owner's own access.
            if chmod(path, 0o700) != 0 { throw fault(.unusable(reason: SystemError.last("chmod").reason)) }
        } else if errno != EEXIST {
            throw fault(.notCreatable(reason: SystemError.last("mkdir").reason))
        }
        try check()
    }

    /// Throws what ``prepare()`` would throw, and changes nothing.
    package func check() throws(SystemError) {
        try checkSocketPath()
        var status = stat()
        guard lstat(path, &status) == 0 else {
            guard errno == ENOENT else { throw fault(.unusable(reason: SystemError.last("lstat").reason)) }
            return try checkCreation()
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            guard status.st_mode & S_IFMT == S_IFLNK else { throw fault(.notADirectory) }
            throw fault(.symbolicLink(target: FilePaths.physical(path)))
        }
        guard !isRoot(status) else { throw fault(.rootDirectory) }
        guard status.st_uid == geteuid() else { throw fault(.ownedByUser(status.st_uid, by: geteuid())) }
        guard status.st_mode & 0o022 == 0 else { throw fault(.writableByOthers(isHome: isOurs)) }
        // It would lose the access that others may need. The original port-server's home was readable by all users.
        guard status.st_mode & 0o055 == 0 || isOurs else { throw fault(.openToOthers(mode: status.modeText)) }
        guard status.st_mode & 0o700 == 0o700 else { throw fault(.closedToOwner(mode: status.modeText)) }
        guard access(path, W_OK | X_OK) == 0 else {
            throw fault(.notWritable(reason: SystemError.last("access").reason))
        }
    }

    /// Whether something exists at the path.
    package var exists: Bool {
        var status = stat()
        return lstat(path, &status) == 0 || errno != ENOENT
    }

    /// Removes the access of other users to an existing directory that passed ``check()``.
    private func restrict() throws(SystemError) {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & 0o077 != 0 else { return }
        guard chmod(path, 0o700) == 0 else {
            let reason = SystemError.last("chmod").reason
            throw fault(.unusable(reason: "it is open to other users, and chmod failed: \(reason)"))
        }
    }

    /// Throws when the directory, which is missing, cannot be created, or root would create it for another user: that
    /// user could not use it.
    private func checkCreation() throws(SystemError) {
        let parent = FilePaths.parent(of: path)
        var status = stat()
        guard stat(parent, &status) == 0 else {
            throw fault(.notCreatable(reason: "\(parent): \(SystemError.last("stat").reason)"))
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw fault(.notCreatable(reason: "\(parent) is not a directory"))
        }
        if geteuid() == 0, status.st_uid != 0, status.st_mode & S_ISVTX == 0, Self.isUser(status.st_uid) {
            throw fault(.parentOwnedByUser(status.st_uid, parent: parent))
        }
        guard access(parent, W_OK | X_OK) == 0 else {
            throw fault(.notCreatable(reason: "\(parent): \(SystemError.last("access").reason)"))
        }
    }

    /// Whether `userID` is a person's or a service's on this machine, and not merely the owner of a directory that is
    /// mounted into a container in which root is the only user.
    private static func isUser(_ userID: UInt32) -> Bool {
        if Environment.value("SUDO_UID") == "\(userID)" { return true }
        // Users of a directory service are not in the file; sudo, which names them, is how root gets their HOME.
        let lines = SmallFile.text(at: "/etc/passwd", limit: 1 << 20)?.split(separator: "\n") ?? []
        return lines.contains { line in
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            return fields.count > 2 && fields[2] == "\(userID)"
        }
    }

    private func isRoot(_ status: stat) -> Bool {
        var root = stat()
        return stat("/", &root) == 0 && root.st_ino == status.st_ino && root.st_dev == status.st_dev
    }

    /// Whether the directory is empty or has been a home before. One with config.yaml alone was prepared by its user.
    private var isOurs: Bool {
        let names = Directory.names(in: path)
        let ours = [databasePath, socketPath, pidFilePath, logPath].map { FilePaths.name(of: $0) }
        return names.allSatisfy { $0 == "config.yaml" } || names.contains { ours.contains($0) }
    }

    private func fault(_ fault: SystemError.Fault) -> SystemError { SystemError(fault, of: path) }
}

extension stat {
    /// The permissions in octal digits, such as `755`.
    fileprivate var modeText: String { String(st_mode & 0o777, radix: 8) }
}
