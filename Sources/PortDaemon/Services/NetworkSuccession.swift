import Logging
import PortHTTP
import PortModel
import PortRegistry
import PortSystem
import ServiceLifecycle
import Synchronization

/// Ends the daemon for a caller in another network namespace, if no other process lives in the daemon's own: it was
/// started in a sandbox that is gone, and sees the listeners of nobody.
final class NetworkSuccession: Succession, Service, CustomStringConvertible {
    /// The name in the service group's log; see ``HoldExpiryService/description``.
    let description = "NetworkSuccession"

    private let leaveSocket: @Sendable () -> Void
    private let logger: Logger
    private let isDecided = Mutex(false)
    private let ending: AsyncStream<Never>
    private let continuation: AsyncStream<Never>.Continuation

    /// `leaveSocket` removes the socket from the home, so that the clients that come later wait for the next daemon.
    init(leaveSocket: @escaping @Sendable () -> Void, logger: Logger) {
        self.leaveSocket = leaveSocket
        self.logger = logger
        (ending, continuation) = AsyncStream.makeStream()
    }

    func isDue(for caller: CallerNetwork, startingItsOwn canStart: Bool) async -> Bool {
        guard await NetworkPolicy.givesWay(to: caller, startingItsOwn: canStart, isAlone: isAlone) else {
            return false
        }
        isDecided.withLock { isDecided in
            guard !isDecided else { return }
            isDecided = true
            leaveSocket()
            logger.notice(
                "nobody else lives in this network namespace: this daemon exits",
                metadata: ["namespace": "\(ProcessNetwork.current.map(\.description) ?? "unknown")"]
            )
        }
        return true
    }

    /// Whether nobody else lives in the daemon's namespace. Once the daemon ends, that is settled.
    private func isAlone() async -> Bool? {
        if isDecided.withLock(\.self) { return true }
        return await onBlockingThread { ProcessNetwork.isAlone }
    }

    func end() { continuation.finish() }

    /// Returns when the daemon ends. The group then shuts down the other services.
    func run() async throws {
        await withGracefulShutdownHandler {
            for await _ in ending {}
        } onGracefulShutdown: {
            self.continuation.finish()
        }
    }
}
