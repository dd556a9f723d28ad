import Logging
import PortModel
import PortRegistry
import PortServer
import ServiceLifecycle

/// Looks every 600 ms, or every 200 ms while events are read, whether a stranger has taken an allocated port, which
/// nothing announces.
struct PortWatcher: Service, CustomStringConvertible {
    /// As ``HoldKeeper/description``.
    let description = "PortWatcher"

    let registry: Registry
    let alarm: Alarm
    let events: EventFeed
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown { await watch() }
    }

    /// A stolen port is to be known within a second (PROMISES 9). Somebody who looks at a dashboard is kept waiting
    /// less.
    private var pause: Duration { events.isWanted ? .milliseconds(200) : .milliseconds(600) }

    private func watch() async {
        var watch = PortWatch(registry: registry)
        var hasFailed = false
        // The pause comes first: a daemon that starts has somebody to answer.
        while (try? await Task.sleep(for: pause, tolerance: pause / 10, clock: .suspending)) != nil {
            do {
                let look = try await watch.look(wantsChanges: events.isWanted)
                if let next = look.next { alarm.expect(next) }
                if look.isChanged { events.committed() }
                events.noticed(look.changes)
                hasFailed = false
            } catch {
                // A full disk, most likely: said once, and the next look comes soon.
                if !hasFailed { logger.error("ports cannot be watched", metadata: ["error": "\(error)"]) }
                hasFailed = true
            }
        }
    }
}
