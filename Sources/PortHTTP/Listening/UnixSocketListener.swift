package import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle

/// HTTP on the Unix socket, for the commands.
package struct UnixSocketListener: Service, CustomStringConvertible {
    /// ServiceGroup logs services by their description; without one it reflects over every property.
    package let description = "UnixSocketListener"

    private let path: String
    private let responder: RouterResponder<PortRequestContext>
    private let listeners: ListenerStatus
    private let restrictAccess: @Sendable () throws -> Void
    private let logger: Logger

    /// Connections beyond it wait in the kernel's queue (docs/promises.md, 19).
    static let maximumConnections = 1024

    /// Creates the listener. `restrictAccess` removes the access of other users to the new socket.
    package init(
        path: String,
        responder: RouterResponder<PortRequestContext>,
        listeners: ListenerStatus,
        restrictAccess: @escaping @Sendable () throws -> Void,
        logger: Logger
    ) {
        self.path = path
        self.responder = responder
        self.listeners = listeners
        self.restrictAccess = restrictAccess
        self.logger = logger
    }

    /// Serves the socket until a graceful shutdown. Throws `IOError` when it cannot be bound.
    package func run() async throws {
        try await serveHTTP(
            responder,
            on: .unixDomainSocket(path: path),
            maximumConnections: Self.maximumConnections,
            logger: logger
        ) { _ in
            do {
                try restrictAccess()
                listeners.socketOpened()
            } catch {
                // The daemon never becomes ready: the command that starts it reports a failed start, and the log has
                // the reason.
                logger.critical("cannot restrict access to the socket", metadata: ["error": "\(error)"])
            }
        }
    }
}
