import Libc
import PortModel

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

    /// Returns the home of this process's environment. Throws when neither PORT_SERVER_HOME nor HOME is set, or the one
    /// that counts is not an absolute path.
    package static func current() throws(SystemError) -> HomeDirectory {
        if let named = try Environment.text("PORT_SERVER_HOME") {
            return HomeDirectory(path: try absolute(named, variable: "PORT_SERVER_HOME"))
        }
        return try defaultDirectory()
    }

    /// Returns the home without PORT_SERVER_HOME, `~/.port_server`. Throws like ``current()``.
    static func defaultDirectory() throws(SystemError) -> HomeDirectory {
        guard let home = try Environment.text("HOME") else { throw SystemError(.noHome) }
        return HomeDirectory(path: try absolute(home, variable: "HOME") + "/.port_server")
    }

    private static func absolute(_ path: String, variable: String) throws(SystemError) -> String {
        guard path.hasPrefix("/") else { throw SystemError(.notAbsolute(path), of: variable) }
        // Such a path could not be printed, or written to a unit file.
        guard path == path.oneLine else { throw SystemError(.controlCharacters(path), of: variable) }
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }

    /// The length in bytes that the path of a socket may have: sun_path has 104 bytes on macOS and 108 on Linux, where
    /// NIO allows 103 as well.
    private static let maximumSocketPath = 103

    /// Throws when the socket path does not fit into a socket address.
    package func checkSocketPath() throws(SystemError) {
        let length = socketPath.utf8.count
        guard length <= Self.maximumSocketPath else {
            throw SystemError(
                .socketPathTooLong(socketPath, length: length, maximum: Self.maximumSocketPath),
                of: path
            )
        }
    }
}
