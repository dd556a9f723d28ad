package import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle

/// HTTP on one loopback address, for curl and browsers. An address that was not asked for is no condition: while
/// another program has it, the daemon works without and keeps trying.
package struct TCPListener: Service, CustomStringConvertible {
    /// The service group prints its services' names, and would else look at every property of theirs.
    package let description = "TCPListener"

    private let address: ListenAddress
    private let isRequired: Bool
    private let responder: RouterResponder<PortRequestContext>
    private let listeners: ListenerStatus
    private let addressInUse: Int32
    private let logger: Logger

    /// PROMISES 19.
    static let maximumConnections = 256
    /// How often a taken address is tried again: a person who just ended the other program should not wait.
    static let retryInterval = Duration.seconds(1)

    /// `addressInUse` is the system's EADDRINUSE.
    package init(
        address: ListenAddress,
        isRequired: Bool,
        responder: RouterResponder<PortRequestContext>,
        listeners: ListenerStatus,
        addressInUse: Int32,
        logger: Logger
    ) {
        self.address = address
        self.isRequired = isRequired
        self.responder = responder
        self.listeners = listeners
        self.addressInUse = addressInUse
        self.logger = logger
    }

    package func run() async throws {
        var wasRefused = false
        while !Task.isShuttingDownGracefully {
            do {
                return try await open(after: wasRefused)
            } catch let error as IOError {
                let isTaken = error.errnoCode == addressInUse
                if isRequired { throw ListenFailure(address: address, isTaken: isTaken, reason: "\(error)") }
                if !wasRefused {
                    logger.warning(
                        "the front door cannot be opened",
                        metadata: ["address": "\(address)", "reason": "\(error)"]
                    )
                }
                listeners.report(isTaken ? .taken : .unavailable, of: address)
                wasRefused = true
            }
            do {
                try await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.retryInterval) }
            } catch is CancellationError {
                return
            }
        }
    }

    private func open(after wasRefused: Bool) async throws {
        try await serveHTTP(
            responder,
            on: .hostname(address.host, port: Int(address.port)),
            maximumConnections: Self.maximumConnections,
            logger: logger
        ) { channel in
            if wasRefused { logger.notice("front door open", metadata: ["address": "\(address)"]) }
            listeners.report(.open, of: address, shownAs: address.bound(to: channel.localAddress?.port))
        }
    }
}

/// An address that was asked for and cannot be had: fatal.
package struct ListenFailure: Error, CustomStringConvertible {
    package let address: ListenAddress
    package let isTaken: Bool
    let reason: String

    package var description: String {
        isTaken
            ? "\(address) is taken by another program: name another with --port or --listen"
            : "\(address) cannot be listened on: \(reason)"
    }
}
