package import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle

/// HTTP on one loopback address, for curl and browsers.
///
/// A default address is optional: while it is taken, the daemon runs without it and keeps trying. An address from the
/// configuration or the command line is required.
package struct TCPListener: Service, CustomStringConvertible {
    /// ServiceGroup logs services by their description; without one it reflects over every property.
    package let description = "TCPListener"

    private let address: ListenAddress
    private let isRequired: Bool
    private let responder: RouterResponder<PortRequestContext>
    private let listeners: ListenerStatus
    private let addressInUse: Int32
    private let reason: @Sendable (Int32) -> String
    private let logger: Logger

    /// Connections beyond it wait in the kernel's queue (docs/promises.md, 19).
    static let maximumConnections = 256
    /// The time between two attempts; short, so that nobody waits after ending the program that had the address.
    static let retryInterval = Duration.seconds(1)

    /// Creates the listener. `addressInUse` is the system's EADDRINUSE, `reason` returns the text of an
    /// errno.
    package init(
        address: ListenAddress,
        isRequired: Bool,
        responder: RouterResponder<PortRequestContext>,
        listeners: ListenerStatus,
        addressInUse: Int32,
        reason: @escaping @Sendable (Int32) -> String,
        logger: Logger
    ) {
        self.address = address
        self.isRequired = isRequired
        self.responder = responder
        self.listeners = listeners
        self.addressInUse = addressInUse
        self.reason = reason
        self.logger = logger
    }

    /// Serves the address until a graceful shutdown. Throws ``ListenFailure`` when a required address cannot be opened.
    package func run() async throws {
        var hasFailed = false
        while !Task.isShuttingDownGracefully {
            do {
                return try await open(isRetry: hasFailed)
            } catch let error as IOError {
                let isTaken = error.errnoCode == addressInUse
                // IOError's own text begins with the name of a NIO function.
                let reason = reason(error.errnoCode)
                if isRequired { throw ListenFailure(address: address, isTaken: isTaken, reason: reason) }
                if !hasFailed {
                    logger.warning(
                        "cannot listen on the TCP address",
                        metadata: ["address": "\(address)", "reason": "\(reason)"]
                    )
                }
                listeners.report(isTaken ? .taken : .unavailable, of: address)
                hasFailed = true
            }
            do {
                try await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.retryInterval) }
            } catch is CancellationError {
                return
            }
        }
    }

    private func open(isRetry: Bool) async throws {
        try await serveHTTP(
            responder,
            on: .hostname(address.host, port: Int(address.port)),
            maximumConnections: Self.maximumConnections,
            logger: logger
        ) { channel in
            if isRetry { logger.notice("listening on the TCP address", metadata: ["address": "\(address)"]) }
            listeners.report(.open, of: address, shownAs: address.bound(to: channel.localAddress?.port))
        }
    }
}
