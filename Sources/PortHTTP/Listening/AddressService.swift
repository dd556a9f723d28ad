package import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle

/// HTTP on one address of the daemon.
///
/// A default address is optional: while it is taken, the daemon runs without it and keeps trying. The socket, and an
/// address from the configuration or the command line, are required.
package struct AddressService: Service, CustomStringConvertible {
    /// ServiceGroup logs services by their description; without one it reflects over every property.
    package let description = "AddressService"

    private let address: DaemonAddress
    private let isRequired: Bool
    private let responder: RouterResponder<PortRequestContext>
    private let status: AddressStatus
    private let restrictAccess: @Sendable () throws -> Void
    private let bindError: @Sendable (Int32) -> BindError
    private let logger: Logger

    /// The time between two attempts; short, so that nobody waits after ending the program that had the address.
    static let retryInterval = Duration.seconds(1)

    /// Creates the service of one address.
    ///
    /// - Parameters:
    ///   - status: Gets the state of the address.
    ///   - restrictAccess: Removes the access of other users to what was just bound.
    ///   - bindError: Returns what the system says about an errno.
    package init(
        address: DaemonAddress,
        isRequired: Bool,
        responder: RouterResponder<PortRequestContext>,
        status: AddressStatus,
        restrictAccess: @escaping @Sendable () throws -> Void = {},
        bindError: @escaping @Sendable (Int32) -> BindError,
        logger: Logger
    ) {
        self.address = address
        self.isRequired = isRequired
        self.responder = responder
        self.status = status
        self.restrictAccess = restrictAccess
        self.bindError = bindError
        self.logger = logger
    }

    /// Serves the address until a graceful shutdown. Throws ``AddressFailure`` when a required one cannot be opened.
    package func run() async throws {
        var hasFailed = false
        while !Task.isShuttingDownGracefully {
            do {
                return try await open(isRetry: hasFailed)
            } catch let error as IOError {
                // IOError's own text begins with the name of a NIO function.
                let error = bindError(error.errnoCode)
                if isRequired {
                    throw AddressFailure(address: address, isTaken: error.isTaken, reason: error.reason)
                }
                if !hasFailed {
                    logger.warning(
                        "cannot listen on the TCP address",
                        metadata: ["address": "\(address)", "reason": "\(error.reason)"]
                    )
                }
                status.report(error.isTaken ? .taken : .unavailable, of: address)
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
        try await serveHTTP(responder, on: address, logger: logger) { channel in
            do {
                try restrictAccess()
            } catch {
                // The daemon never becomes ready: the command that starts it reports a failed start, and the log has
                // the reason.
                logger.critical("cannot restrict access to the socket", metadata: ["error": "\(error)"])
                return
            }
            if isRetry { logger.notice("listening on the TCP address", metadata: ["address": "\(address)"]) }
            status.report(.open, of: address, port: channel.localAddress?.port)
        }
    }
}
