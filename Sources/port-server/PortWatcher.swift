import Logging
import PortModel
import PortRegistry
import ServiceLifecycle

/// Looks once a second whether a stranger has taken an allocated port, which nothing announces.
struct PortWatcher: Service, CustomStringConvertible {
    /// As ``HoldKeeper/description``.
    let description = "PortWatcher"

    let registry: Registry
    let alarm: Alarm
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown { await watch() }
    }

    private func watch() async {
        var watch = PortWatch(registry: registry)
        var hasFailed = false
        // The pause comes first: a daemon that starts has somebody to answer.
        while (try? await Task.sleep(for: .seconds(1), tolerance: .milliseconds(100), clock: .suspending)) != nil {
            do {
                if let next = try await watch.look() { alarm.expect(next) }
                hasFailed = false
            } catch {
                // A full disk, most likely: said once, and the next look comes soon.
                if !hasFailed { logger.error("ports cannot be watched", metadata: ["error": "\(error)"]) }
                hasFailed = true
            }
        }
    }
}
