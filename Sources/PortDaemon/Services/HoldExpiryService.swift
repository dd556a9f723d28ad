import Logging
import PortModel
import PortRegistry
import PortSystem
import ServiceLifecycle

/// Expires holds on time while there are no requests. Every request also expires the holds that are due.
struct HoldExpiryService: Service, CustomStringConvertible {
    /// ServiceGroup logs services by description; without one it reflects over every property.
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

    /// Expires the holds that are due, and schedules the next time.
    func expireHolds() async {
        do {
            if let next = try await registry.expireHolds() { expiryTimer.schedule(at: next) }
        } catch {
            // Most likely a full disk. Every request and the next wakeup try again.
            logger.error("holds cannot be expired", metadata: ["error": "\(error)"])
            expiryTimer.schedule(at: SystemClock.uptime.advanced(bySeconds: Self.retryInterval))
        }
    }

    /// Seconds until the next attempt after a failure.
    private static let retryInterval = 10
}
