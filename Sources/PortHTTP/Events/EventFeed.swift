package import Logging
import PortAPI
import PortModel
package import PortRegistry
import ServiceLifecycle
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Publishes the registry's changes as events, while there are readers.
package final class EventFeed: Sendable {
    /// Changes within this time are published together, so that 100 readers cost little more than one.
    private static let batchDelay = Duration.milliseconds(50)
    /// The time between two comments that keep connections alive.
    private static let heartbeatInterval = Duration.seconds(15)

    private enum Message: Sendable {
        case committed
        case socketsChanged([SocketChange])
        case subscribe(
            since: EventLog.ID?,
            CheckedContinuation<Result<EventHub.Subscription, any Error>, Never>
        )
        case heartbeat
    }

    private let hub = EventHub(
        readyData: #"{"version":"\#(BuildInformation.version)"}"#,
        retention: .seconds(60)
    )
    private let messages: AsyncStream<Message>
    private let mailbox: AsyncStream<Message>.Continuation
    /// Whether the mailbox contains a `committed`.
    private let isPending = Atomic(false)

    /// Creates a feed. It publishes nothing until a ``Runner`` runs it.
    package init() { (messages, mailbox) = AsyncStream.makeStream() }

    /// Whether there are readers. Without them, changes need not be reported.
    package var hasSubscribers: Bool { hub.hasSubscribers }

    /// Called after each commit, of this process or another.
    package func didCommit() {
        guard hub.hasSubscribers, !isPending.exchange(true, ordering: .acquiringAndReleasing) else { return }
        mailbox.yield(.committed)
    }

    /// Called when sockets have appeared or disappeared.
    package func socketsDidChange(_ changes: [SocketChange]) {
        if !changes.isEmpty, hub.hasSubscribers { mailbox.yield(.socketsChanged(changes)) }
    }

    /// Adds a reader, in order with the events. Throws like ``EventHub/subscribe(since:)``.
    func subscribe(since last: EventLog.ID?) async throws -> EventHub.Subscription {
        try await withCheckedContinuation { continuation in
            let result = mailbox.yield(.subscribe(since: last, continuation))
            if case .terminated = result { continuation.resume(returning: .failure(CancellationError())) }
        }.get()
    }

    func unsubscribe(_ subscription: EventHub.Subscription) { hub.unsubscribe(subscription) }

    /// The service that publishes the events of a feed. It ends every stream when the daemon stops.
    package struct Runner: Service, CustomStringConvertible {
        /// ServiceGroup logs services by their description; without one it reflects over every property.
        package let description = "EventFeed"

        private let feed: EventFeed
        private let registry: Registry
        private let logger: Logger

        package init(feed: EventFeed, registry: Registry, logger: Logger) {
            self.feed = feed
            self.registry = registry
            self.logger = logger
        }

        /// Publishes events until a graceful shutdown.
        package func run() async throws {
            await withGracefulShutdownHandler {
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { await feed.run(registry: registry, logger: logger) }
                    group.addTask { await feed.keepAlive() }
                    await group.next()
                    group.cancelAll()
                }
            } onGracefulShutdown: {
                feed.mailbox.finish()
                feed.hub.stop()
            }
        }
    }

    private func keepAlive() async {
        while (try? await Task.sleep(for: Self.heartbeatInterval)) != nil { mailbox.yield(.heartbeat) }
    }

    /// Handles one message at a time, so that a new reader misses no event.
    private func run(registry: Registry, logger: Logger) async {
        var reader: EventReader?
        for await message in messages {
            do {
                switch message {
                case .heartbeat: hub.heartbeat()
                case .socketsChanged(let changes):
                    if let batch = try await reader?.next(with: changes) { publish(batch, registry) }
                case .committed:
                    try await Task.sleep(for: Self.batchDelay)
                    isPending.store(false, ordering: .releasing)
                    if let batch = try await reader?.next() { publish(batch, registry) }
                case .subscribe(let last, let continuation):
                    do {
                        if reader == nil || !hub.hasSubscribers {
                            reader = try await EventReader(registry: registry)
                            hub.reset()
                        }
                        continuation.resume(returning: .success(try hub.subscribe(since: last)))
                    } catch {
                        continuation.resume(returning: .failure(error))
                    }
                }
            } catch is CancellationError {
                continue
            } catch {
                // Most likely the database failed. Readers reconnect, and load everything again when it works.
                logger.error("cannot read events", metadata: ["error": "\(error)"])
                reader = nil
                hub.endStreams()
            }
        }
    }

    private func publish(_ batch: EventReader.Batch, _ registry: Registry) {
        if batch.isIncomplete { hub.reset() }
        guard !batch.events.isEmpty else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let now = registry.uptime
        hub.publish(
            batch.events.compactMap { event in
                let body = EventBody(event, now: now)
                return (try? encoder.encode(body)).map { (body.type, String(decoding: $0, as: UTF8.self)) }
            }
        )
    }
}
