import Libc
package import PortModel

extension HomeDirectory {
    /// Creates the directory with mode 0700 when it is missing. Removes all access of other users from an existing one
    /// that they may only read. Throws `insecure_path` for one that another user could have prepared: a symbolic link,
    /// something that is not a directory, and a directory that belongs to or is writable by others. Also throws it for
    /// the root directory, for a directory of other files, and when the directory cannot be created or written to, and
    /// throws like ``checkSocketPath()``.
    package func prepare() throws(RegistryError) {
        try check()
        guard !exists else { return try restrict() }
        if mkdir(path, 0o700) == 0 {
            // The umask may have removed the owner's own access.
            if chmod(path, 0o700) != 0 { throw refusal(SystemError.last("chmod").reason) }
        } else if errno != EEXIST {
            throw uncreatable(SystemError.last("mkdir").reason)
        }
        try check()
    }

    /// Throws what ``prepare()`` would throw, and changes nothing.
    package func check() throws(RegistryError) {
        try checkSocketPath()
        var status = stat()
        guard lstat(path, &status) == 0 else {
            guard errno == ENOENT else { throw refusal(SystemError.last("lstat").reason) }
            return try checkCreation()
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            guard status.st_mode & S_IFMT == S_IFLNK else { throw refusal("it is not a directory") }
            let target = FilePaths.physical(path)
            throw refusal(
                "it is a symbolic link\(target.map { " to \"\($0)\"" } ?? "")",
                hint: target.map { "set PORT_SERVER_HOME to the directory itself: \($0)" }
            )
        }
        guard !isRoot(status) else { throw refusal("it is the root directory") }
        if let fault = ownershipFault { throw fault }
        guard status.st_mode & 0o022 == 0 else {
            throw RegistryError(
                .insecurePath,
                "the directory \(path) is writable by others",
                subject: path,
                // Never for a directory that others use, such as /tmp.
                hint: isOurs
                    ? "check what is in it, then: chmod 700 \(path.shellQuoted)"
                    : "set PORT_SERVER_HOME to a directory of yours"
            )
        }
        // It would lose the access that others may need. The original port-server's home was readable by all users.
        guard status.st_mode & 0o055 == 0 || isOurs else {
            throw refusal("it is open to other users (mode \(status.modeText)) and contains other files")
        }
        guard status.st_mode & 0o700 == 0o700 else {
            throw RegistryError(
                .insecurePath,
                "the directory \(path) is closed to yourself (mode \(status.modeText))",
                subject: path,
                hint: "chmod 700 \(path.shellQuoted)"
            )
        }
        guard access(path, W_OK | X_OK) == 0 else {
            throw RegistryError(
                .insecurePath,
                "the directory \(path) is not writable: \(SystemError.last("access").reason)",
                subject: path,
                hint: "set PORT_SERVER_HOME to a directory that you may write to"
            )
        }
    }

    /// Whether something exists at the path.
    package var exists: Bool {
        var status = stat()
        return lstat(path, &status) == 0 || errno != ENOENT
    }

    /// Why this user has no access to an existing directory: it belongs to another user. `nil` when it does not.
    package var ownershipFault: RegistryError? {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_uid != geteuid() else { return nil }
        let aside = "mv \(path.shellQuoted) \("\(path).\(status.st_uid)".shellQuoted)"
        let owner = status.st_uid == 0 ? "root, most likely a command under sudo, has created it" : nil
        return RegistryError(
            .insecurePath,
            "the directory \(path) belongs to user id \(status.st_uid), not to you (\(geteuid()))"
                + (owner.map { ": \($0)" } ?? ""),
            subject: path,
            hint: status.st_uid == 0
                ? "take it over: sudo chown -R \(geteuid()) \(path.shellQuoted), or move it away: \(aside)"
                : geteuid() == 0
                    ? "run the command without sudo, or set PORT_SERVER_HOME to a directory of root's"
                    : "set PORT_SERVER_HOME to a directory of yours, or move this one away: \(aside)"
        )
    }

    /// Removes the access of other users to an existing directory that passed ``check()``.
    private func restrict() throws(RegistryError) {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & 0o077 != 0 else { return }
        guard chmod(path, 0o700) == 0 else {
            throw refusal("it is open to other users, and chmod failed: \(SystemError.last("chmod").reason)")
        }
    }

    /// Throws when the directory, which is missing, cannot be created, or root would create it for another user: that
    /// user could not use it.
    private func checkCreation() throws(RegistryError) {
        let parent = FilePaths.parent(of: path)
        var status = stat()
        guard stat(parent, &status) == 0 else {
            throw uncreatable("\(parent): \(SystemError.last("stat").reason)")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw uncreatable("\(parent) is not a directory") }
        if geteuid() == 0, status.st_uid != 0, status.st_mode & S_ISVTX == 0, Self.isUser(status.st_uid) {
            throw RegistryError(
                .insecurePath,
                "root does not create \(path): the directory \(parent) belongs to user id \(status.st_uid), "
                    + "who could not use it",
                subject: path,
                hint: "run the command without sudo; if root is to have this home: mkdir -m 700 \(path.shellQuoted)"
            )
        }
        guard access(parent, W_OK | X_OK) == 0 else {
            throw uncreatable("\(parent): \(SystemError.last("access").reason)")
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

    private func refusal(_ reason: String, hint: String? = nil) -> RegistryError {
        RegistryError(
            .insecurePath,
            "the directory \(path) cannot be used: \(reason)",
            subject: path,
            hint: hint ?? "set PORT_SERVER_HOME to a directory of yours"
        )
    }

    private func uncreatable(_ reason: String) -> RegistryError {
        RegistryError(
            .insecurePath,
            "cannot create the directory \(path): \(reason)",
            subject: path,
            hint: "set PORT_SERVER_HOME to a directory that you may write to"
        )
    }
}

extension stat {
    /// The permissions in octal digits, such as `755`.
    fileprivate var modeText: String { String(st_mode & 0o777, radix: 8) }
}
