package import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle

/// The daemon itself: HTTP on the Unix socket.
package struct UnixSocketListener: Service, CustomStringConvertible {
    /// The service group prints its services' names, and would else look at every property of theirs.
    package let description = "UnixSocketListener"

    private let path: String
    private let responder: RouterResponder<PortRequestContext>
    private let listeners: ListenerStatus
    private let secure: @Sendable () throws -> Void
    private let logger: Logger

    /// PROMISES 19.
    static let maximumConnections = 1024

    /// `secure` closes the new socket to other users.
    package init(
        path: String,
        responder: RouterResponder<PortRequestContext>,
        listeners: ListenerStatus,
        secure: @escaping @Sendable () throws -> Void,
        logger: Logger
    ) {
        self.path = path
        self.responder = responder
        self.listeners = listeners
        self.secure = secure
        self.logger = logger
    }

    package func run() async throws {
        try await serveHTTP(
            responder,
            on: .unixDomainSocket(path: path),
            maximumConnections: Self.maximumConnections,
            logger: logger
        ) { _ in
            do {
                try secure()
                listeners.socketOpened()
            } catch {
                // Never ready: the starter sees a daemon that does not come up, and the log says why.
                logger.critical("the socket cannot be closed to others", metadata: ["error": "\(error)"])
            }
        }
    }
}
