import Libc
package import PortModel

/// The directory with the daemon's socket, database and log: PORT_SERVER_HOME, or `~/.port_server` by default.
package struct HomeDirectory: Hashable, Sendable {
    /// The absolute path.
    package let path: String

    package init(path: String) { self.path = path }

    package var socketPath: String { "\(path)/port-server.sock" }
    package var databasePath: String { "\(path)/ports.db" }
    package var pidFilePath: String { "\(path)/port-server.pid" }
    package var logPath: String { "\(path)/port-server.log" }
    package var tokenPath: String { "\(path)/token" }
    package var configurationPath: String { "\(path)/config.yaml" }

    /// Returns the home of this process's environment. Throws `invalid_request` when neither PORT_SERVER_HOME nor HOME
    /// is set, or the one that counts is not an absolute path.
    package static func current() throws(RegistryError) -> HomeDirectory {
        if let named = Environment.value("PORT_SERVER_HOME") {
            return HomeDirectory(path: try absolute(named, variable: "PORT_SERVER_HOME"))
        }
        return try defaultDirectory()
    }

    /// Returns the home without PORT_SERVER_HOME, `~/.port_server`. Throws like ``current()``.
    static func defaultDirectory() throws(RegistryError) -> HomeDirectory {
        guard let home = Environment.value("HOME") else {
            throw RegistryError(
                .invalidRequest,
                "neither PORT_SERVER_HOME nor HOME is set",
                hint: "set PORT_SERVER_HOME to a directory of yours"
            )
        }
        return HomeDirectory(path: try absolute(home, variable: "HOME") + "/.port_server")
    }

    private static func absolute(_ path: String, variable: String) throws(RegistryError) -> String {
        guard path.hasPrefix("/") else {
            throw RegistryError(.invalidRequest, "\(variable) must be an absolute path, not \"\(path)\"")
        }
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }

    /// Throws `invalid_request` when the socket path does not fit into a socket address.
    package func checkSocketPath() throws(RegistryError) {
        // sun_path includes the terminating zero byte: 107 bytes are left on Linux, 103 on macOS.
        let limit = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1
        guard socketPath.utf8.count <= limit else {
            throw RegistryError(
                .invalidRequest,
                "the socket path \(socketPath) has \(socketPath.utf8.count) bytes, the system allows \(limit)",
                subject: path,
                hint: "set PORT_SERVER_HOME to a shorter path"
            )
        }
    }

    /// Creates the directory with mode 0700 when it is missing. Removes all access of other users from an existing one
    /// that they may only read. Throws `insecure_path` for one that another user could have prepared: a symbolic link,
    /// something that is not a directory, and a directory that belongs to or is writable by others. Also throws it when
    /// the directory cannot be created or written to, and throws like ``checkSocketPath()``.
    package func prepare() throws(RegistryError) {
        try checkSocketPath()
        if mkdir(path, 0o700) != 0 && errno != EEXIST {
            let error = SystemError.last("mkdir", path)
            throw RegistryError(
                .insecurePath,
                "cannot create the directory \(path): \(error.reason)",
                subject: path,
                hint: "set PORT_SERVER_HOME to a directory that you may write to"
            )
        }
        try check()
        guard access(path, W_OK | X_OK) == 0 else {
            throw RegistryError(
                .insecurePath,
                "the directory \(path) is not writable",
                subject: path,
                hint: "chmod 700 \(path), or set PORT_SERVER_HOME to another directory"
            )
        }
    }

    /// Checks an existing directory as ``prepare()`` describes, and restricts its mode.
    private func check() throws(RegistryError) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            throw refusal(SystemError.last("lstat").reason)
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw refusal(status.st_mode & S_IFMT == S_IFLNK ? "it is a symbolic link" : "it is not a directory")
        }
        guard status.st_uid == geteuid() else {
            throw refusal("it belongs to user id \(status.st_uid), not to you (\(geteuid()))")
        }
        guard status.st_mode & 0o022 == 0 else {
            throw RegistryError(
                .insecurePath,
                "the directory \(path) is writable by others",
                subject: path,
                hint: "check what is in it, then: chmod 700 \(path)"
            )
        }
        // The original port-server created it readable by all users.
        if status.st_mode & 0o077 != 0, chmod(path, 0o700) != 0 {
            throw refusal("it is open to other users, and chmod failed: \(SystemError.last("chmod").reason)")
        }
    }

    private func refusal(_ reason: String) -> RegistryError {
        RegistryError(
            .insecurePath,
            "the directory \(path) cannot be used: \(reason)",
            subject: path,
            hint: "set PORT_SERVER_HOME to a directory of yours"
        )
    }
}
