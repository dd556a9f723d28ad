import Logging
import PortModel
import PortRegistry
import ServiceLifecycle
import Synchronization

/// Detects, between requests, that another process has taken an allocated port, and that another program has changed
/// the registry. Nobody announces either.
final class ConflictMonitor: Service, CustomStringConvertible {
    /// The name in the service group's log; see ``HoldExpiryService/description``.
    let description = "ConflictMonitor"

    private let registry: Registry
    private let expiryTimer: ExpiryTimer
    private let logger: Logger
    private let tokens: AsyncStream<ConflictDetector.ChangeToken>
    private let continuation: AsyncStream<ConflictDetector.ChangeToken>.Continuation
    private let state = Mutex(State())

    private struct State {
        /// The token of the last inspection that succeeded.
        var lastToken: ConflictDetector.ChangeToken?
        var hasFailed = false
        /// When to inspect again, even without a new token.
        var nextInspection: Uptime?
    }

    init(registry: Registry, expiryTimer: ExpiryTimer, logger: Logger) {
        self.registry = registry
        self.expiryTimer = expiryTimer
        self.logger = logger
        // A newer token replaces one that waits for its inspection.
        (tokens, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Milliseconds until the next poll. A stolen port must be detected within a second (docs/promises.md, 9); while
    /// there are subscribers to changes, they get it sooner; and what listens elsewhere is detected on time.
    var pollingInterval: Int32 {
        registry.hasSubscribers || state.withLock { $0.nextInspection != nil } ? 200 : 600
    }

    /// Wakes the service if the store or the sockets have changed since the last inspection.
    func poll() {
        do {
            let token = try ConflictDetector.ChangeToken(at: registry)
            let isNew = state.withLock { state in
                guard state.lastToken == token else { return true }
                state.hasFailed = false
                return state.nextInspection?.hasPassed(at: registry.uptime) ?? false
            }
            // After a failed inspection, the same token counts as new again.
            if isNew { continuation.yield(token) }
        } catch {
            report(error)
        }
    }

    func run() async throws {
        await withGracefulShutdownHandler {
            var detector = await ConflictDetector(registry: registry)
            for await token in tokens { await inspect(token, with: &detector) }
        } onGracefulShutdown: {
            self.continuation.finish()
        }
    }

    private func inspect(_ token: ConflictDetector.ChangeToken, with detector: inout ConflictDetector) async {
        do {
            if let next = try await detector.inspect(token) { expiryTimer.schedule(at: next) }
            let next = detector.nextInspection
            state.withLock { $0 = State(lastToken: token, nextInspection: next) }
        } catch {
            report(error)
        }
    }

    /// Logs the error, most likely a full disk, once until an inspection succeeds again.
    private func report(_ error: RegistryError) {
        let isFirst = state.withLock { state in
            defer { state.hasFailed = true }
            return !state.hasFailed
        }
        if isFirst { logger.error("conflicts cannot be detected", metadata: ["error": "\(error)"]) }
    }
}
