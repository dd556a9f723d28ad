import Logging
import PortModel
import PortRegistry
import PortHTTP
import ServiceLifecycle
import Synchronization

/// Finds out whether a stranger has taken an allocated port, which nothing announces.
final class ConflictMonitor: Service, CustomStringConvertible {
    /// As ``HoldExpiryService/description``.
    let description = "ConflictMonitor"

    private let registry: Registry
    private let expiryTimer: ExpiryTimer
    private let events: EventFeed
    private let logger: Logger
    private let changes: AsyncStream<ConflictDetector.ChangeToken>
    private let mailbox: AsyncStream<ConflictDetector.ChangeToken>.Continuation
    private let state = Mutex(State())

    private struct State {
        /// What was looked at last, without a failure.
        var seen: ConflictDetector.ChangeToken?
        var hasFailed = false
    }

    init(registry: Registry, expiryTimer: ExpiryTimer, events: EventFeed, logger: Logger) {
        self.registry = registry
        self.expiryTimer = expiryTimer
        self.events = events
        self.logger = logger
        // Only the newest is of interest.
        (changes, mailbox) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Milliseconds until the next glance. A stolen port is to be known within a second (PROMISES 9). Somebody who
    /// looks at a dashboard is kept waiting less.
    var pollingInterval: Int32 { events.hasSubscribers ? 200 : 600 }

    /// Wakes the service if there is something to look at.
    func poll() {
        do {
            let token = try ConflictDetector.ChangeToken(at: registry)
            let isNew = state.withLock { state in
                guard state.seen == token else { return true }
                state.hasFailed = false
                return false
            }
            // One at which looking failed comes again.
            if isNew { mailbox.yield(token) }
        } catch {
            report(error)
        }
    }

    func run() async throws {
        await withGracefulShutdownHandler {
            var detector = ConflictDetector(registry: registry)
            for await token in changes { await inspect(token, with: &detector) }
        } onGracefulShutdown: {
            self.mailbox.finish()
        }
    }

    private func inspect(_ token: ConflictDetector.ChangeToken, with detector: inout ConflictDetector) async {
        do {
            let inspection = try await detector.inspect(token, wantsChanges: events.hasSubscribers)
            if let next = inspection.next { expiryTimer.schedule(at: next) }
            if inspection.isChanged { events.committed() }
            events.noticed(inspection.changes)
            state.withLock { $0 = State(seen: token) }
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
