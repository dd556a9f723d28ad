import PortAPI
import PortModel
package import PortRegistry
import ServiceLifecycle

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The streams of events over HTTP: one subscriber to the registry's changes, which encodes each event once for all of
/// its readers. It subscribes while there are readers. Its end is also that of waits, which keep connections open, too.
package final class EventStreams: Service, CustomStringConvertible {
    /// ServiceGroup logs services by their description; without one it reflects over every property.
    package let description = "EventStreams"

    /// The time between two comments that keep connections alive.
    private static let heartbeatInterval = Duration.seconds(15)

    private enum Message: Sendable {
        case subscribe(
            since: EventLog.ID?,
            CheckedContinuation<Result<EventHub.Subscription, any Error>, Never>
        )
        case heartbeat
        /// The log contains what was committed before the oldest reader that waits has come.
        case caughtUp
    }

    private typealias Waiter = (
        last: EventLog.ID?, continuation: CheckedContinuation<Result<EventHub.Subscription, any Error>, Never>
    )

    private let registry: Registry
    private let hub = EventHub(
        readyData: #"{"version":"\#(BuildInformation.version)"}"#,
        retention: .seconds(60)
    )
    private let messages: AsyncStream<Message>
    private let mailbox: AsyncStream<Message>.Continuation

    /// Creates the streams of a registry. Readers wait until the service runs.
    package init(registry: Registry) {
        self.registry = registry
        (messages, mailbox) = AsyncStream.makeStream()
    }

    /// Adds a reader, in order with the events. Throws like ``EventHub/subscribe(since:)`` and ``Registry/changes()``.
    func subscribe(since last: EventLog.ID?) async throws -> EventHub.Subscription {
        try await withCheckedContinuation { continuation in
            let result = mailbox.yield(.subscribe(since: last, continuation))
            if case .terminated = result { continuation.resume(returning: .failure(CancellationError())) }
        }.get()
    }

    func unsubscribe(_ subscription: EventHub.Subscription) { hub.unsubscribe(subscription) }

    /// Serves readers until a graceful shutdown, and ends every stream then.
    package func run() async throws {
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.keepAlive() }
                await self.handleMessages(&group)
                group.cancelAll()
            }
        } onGracefulShutdown: {
            self.mailbox.finish()
            self.hub.stop()
            self.registry.endWaiting()
        }
    }

    private func keepAlive() async {
        while (try? await Task.sleep(for: Self.heartbeatInterval)) != nil { mailbox.yield(.heartbeat) }
    }

    /// Handles one message at a time, so that a new reader misses no event.
    private func handleMessages(_ group: inout DiscardingTaskGroup) async {
        var changes: Changes?
        var waiting: [Waiter] = []
        for await message in messages {
            switch message {
            case .heartbeat:
                hub.heartbeat()
                guard !hub.hasSubscribers, waiting.isEmpty else { continue }
                changes?.cancel()
                changes = nil
            case .subscribe(let last, let continuation):
                do {
                    if let changes {
                        // While the database cannot be read, a further reader is refused as the first one is.
                        _ = try await registry.allocationCount()
                        // What was committed before is published first: it is not for this reader.
                        waiting.append((last, continuation))
                        changes.mark()
                        continue
                    }
                    let new = try await registry.changes()
                    changes = new
                    hub.reset()
                    group.addTask { await self.publish(new) }
                    add((last, continuation))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            case .caughtUp: add(waiting.removeFirst())
            }
        }
        changes?.cancel()
        for waiter in waiting { waiter.continuation.resume(returning: .failure(CancellationError())) }
    }

    private func add(_ waiter: Waiter) {
        waiter.continuation.resume(returning: Result { try hub.subscribe(since: waiter.last) })
    }

    private func publish(_ changes: Changes) async {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var iterator = changes.makeAsyncIterator()
        while let batch = await iterator.nextBatch() {
            let now = registry.uptime
            var events: [(name: String, data: String)] = []
            for change in batch {
                switch change {
                // Comes alone, or first: what is before it in the log is of no use any more.
                case .reset: hub.reset()
                case .mark: mailbox.yield(.caughtUp)
                case .event(let event):
                    let body = EventBody(event, now: now)
                    guard let data = try? encoder.encode(body) else { continue }
                    events.append((body.type, String(decoding: data, as: UTF8.self)))
                }
            }
            if !events.isEmpty { hub.publish(events) }
        }
    }
}
