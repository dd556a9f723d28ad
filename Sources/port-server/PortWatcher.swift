import Logging
import PortModel
import PortRegistry
import PortServer
import ServiceLifecycle
import Synchronization

/// Finds out whether a stranger has taken an allocated port, which nothing announces.
final class PortWatcher: Service, CustomStringConvertible {
    /// As ``HoldKeeper/description``.
    let description = "PortWatcher"

    private let registry: Registry
    private let alarm: Alarm
    private let events: EventFeed
    private let logger: Logger
    private let news: AsyncStream<PortWatch.Glance>
    private let mailbox: AsyncStream<PortWatch.Glance>.Continuation
    private let state = Mutex(State())

    private struct State {
        /// What was looked at last, without a failure.
        var seen: PortWatch.Glance?
        var hasFailed = false
    }

    init(registry: Registry, alarm: Alarm, events: EventFeed, logger: Logger) {
        self.registry = registry
        self.alarm = alarm
        self.events = events
        self.logger = logger
        // Only the newest is of interest.
        (news, mailbox) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Milliseconds until the next glance. A stolen port is to be known within a second (PROMISES 9). Somebody who
    /// looks at a dashboard is kept waiting less.
    var pause: Int32 { events.isWanted ? 200 : 600 }

    /// Wakes the service if there is something to look at.
    func glance() {
        do {
            let glance = try PortWatch.Glance(at: registry)
            let isNews = state.withLock { state in
                guard state.seen == glance else { return true }
                state.hasFailed = false
                return false
            }
            // One at which looking failed comes again.
            if isNews { mailbox.yield(glance) }
        } catch {
            report(error)
        }
    }

    func run() async throws {
        await withGracefulShutdownHandler {
            var watch = PortWatch(registry: registry)
            for await glance in news { await look(at: glance, with: &watch) }
        } onGracefulShutdown: {
            self.mailbox.finish()
        }
    }

    private func look(at glance: PortWatch.Glance, with watch: inout PortWatch) async {
        do {
            let look = try await watch.look(at: glance, wantsChanges: events.isWanted)
            if let next = look.next { alarm.expect(next) }
            if look.isChanged { events.committed() }
            events.noticed(look.changes)
            state.withLock { $0 = State(seen: glance) }
        } catch {
            report(error)
        }
    }

    /// A full disk, most likely: said once, until a look goes well again.
    private func report(_ error: RegistryError) {
        let isFirst = state.withLock { state in
            defer { state.hasFailed = true }
            return !state.hasFailed
        }
        if isFirst { logger.error("ports cannot be watched", metadata: ["error": "\(error)"]) }
    }
}
