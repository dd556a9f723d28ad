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
        if let named = try Environment.text("PORT_SERVER_HOME") {
            return HomeDirectory(path: try absolute(named, variable: "PORT_SERVER_HOME"))
        }
        return try defaultDirectory()
    }

    /// Returns the home without PORT_SERVER_HOME, `~/.port_server`. Throws like ``current()``.
    static func defaultDirectory() throws(RegistryError) -> HomeDirectory {
        guard let home = try Environment.text("HOME") else {
            throw RegistryError(
                .invalidRequest,
                "neither PORT_SERVER_HOME nor HOME is set",
                hint: "set PORT_SERVER_HOME to a directory of yours"
            )
        }
        return HomeDirectory(path: try absolute(home, variable: "HOME") + "/.port_server")
    }

    private static func absolute(_ path: String, variable: String) throws(RegistryError) -> String {
        let hint = "set \(variable) to a directory of yours"
        guard path.hasPrefix("/") else {
            throw RegistryError(
                .invalidRequest,
                "\(variable) must be an absolute path, not \"\(path.oneLine)\"",
                subject: variable,
                hint: hint
            )
        }
        // Such a path could not be printed, or written to a unit file.
        guard path == path.oneLine else {
            throw RegistryError(
                .invalidRequest,
                "\(variable) contains control characters: \"\(path.oneLine)\"",
                subject: variable,
                hint: hint
            )
        }
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }

    /// The length in bytes that the path of a socket may have: sun_path has 104 bytes on macOS and 108 on Linux, where
    /// NIO allows 103 as well.
    private static let maximumSocketPath = 103

    /// Throws `invalid_request` when the socket path does not fit into a socket address.
    package func checkSocketPath() throws(RegistryError) {
        let length = socketPath.utf8.count
        guard length <= Self.maximumSocketPath else {
            let excess = length - Self.maximumSocketPath
            let unit = excess == 1 ? "byte" : "bytes"
            throw RegistryError(
                .invalidRequest,
                "the socket path \(socketPath) has \(length) bytes, the system allows \(Self.maximumSocketPath)",
                subject: path,
                hint: "set PORT_SERVER_HOME to a path that is at least \(excess) \(unit) shorter"
            )
        }
    }
}
