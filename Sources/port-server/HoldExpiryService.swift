import Logging
import PortModel
import PortRegistry
import PortSystem
import ServiceLifecycle

/// Makes holds end on time when nobody asks for anything: every request ends what is over, this does it in between.
struct HoldExpiryService: Service, CustomStringConvertible {
    /// The service group prints its services' names, and would else look at every property of theirs.
    let description = "HoldExpiryService"

    let registry: Registry
    let expiryTimer: ExpiryTimer
    let logger: Logger

    func run() async throws {
        await withGracefulShutdownHandler {
            for await _ in expiryTimer.wakeups { await expireHolds() }
        } onGracefulShutdown: {
            expiryTimer.stop()
        }
    }

    /// Ends what is over, and notes when to do so again.
    func expireHolds() async {
        do {
            if let next = try await registry.expireHolds() { expiryTimer.schedule(at: next) }
        } catch {
            // A full disk, most likely. What is over is judged again with every request and at the next ring.
            logger.error("holds cannot be ended", metadata: ["error": "\(error)"])
            expiryTimer.schedule(at: SystemClock.uptime.advanced(bySeconds: Self.retryInterval))
        }
    }

    /// In seconds.
    private static let retryInterval = 10
}
