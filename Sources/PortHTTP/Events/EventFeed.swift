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

/// Makes events of what becomes of ports, while somebody reads them.
package final class EventFeed: Sendable {
    /// What happens within it becomes one piece for each reader, so that 100 readers cost little more than one.
    private static let pause = Duration.milliseconds(50)
    /// Between two comments that keep connections alive.
    private static let interval = Duration.seconds(15)

    private enum Message: Sendable {
        case committed
        case noticed([SocketChange])
        case subscribe(
            since: EventLog.ID?,
            CheckedContinuation<Result<EventHub.Subscription, any Error>, Never>
        )
        case heartbeat
    }

    private let hub = EventHub(hello: #"{"version":"\#(BuildInformation.version)"}"#, patience: .seconds(60))
    private let messages: AsyncStream<Message>
    private let mailbox: AsyncStream<Message>.Continuation
    /// Whether a `committed` waits in the mailbox.
    private let isPending = Atomic(false)

    package init() { (messages, mailbox) = AsyncStream.makeStream() }

    /// Whether it is worth being told of anything.
    package var hasSubscribers: Bool { hub.hasSubscribers }

    /// To be told after each commit, by this program or another.
    package func committed() {
        guard hub.hasSubscribers, !isPending.exchange(true, ordering: .acquiringAndReleasing) else { return }
        mailbox.yield(.committed)
    }

    /// To be told of sockets that came or went.
    package func noticed(_ changes: [SocketChange]) {
        if !changes.isEmpty, hub.hasSubscribers { mailbox.yield(.noticed(changes)) }
    }

    /// As ``EventHub/subscribe(since:)``.
    func subscribe(since last: EventLog.ID?) async throws -> EventHub.Subscription {
        try await withCheckedContinuation { continuation in
            let result = mailbox.yield(.subscribe(since: last, continuation))
            if case .terminated = result { continuation.resume(returning: .failure(CancellationError())) }
        }.get()
    }

    func unsubscribe(_ subscription: EventHub.Subscription) { hub.unsubscribe(subscription) }

    /// Runs until the daemon stops, and ends every stream then.
    package struct Runner: Service, CustomStringConvertible {
        /// The service group prints its services' names, and would else look at every property of theirs.
        package let description = "EventFeed"

        private let feed: EventFeed
        private let registry: Registry
        private let logger: Logger

        package init(feed: EventFeed, registry: Registry, logger: Logger) {
            self.feed = feed
            self.registry = registry
            self.logger = logger
        }

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
        while (try? await Task.sleep(for: Self.interval)) != nil { mailbox.yield(.heartbeat) }
    }

    /// One message after the other, so that nobody who begins to read misses what happens meanwhile.
    private func run(registry: Registry, logger: Logger) async {
        var reader: EventReader?
        for await message in messages {
            do {
                switch message {
                case .heartbeat: hub.heartbeat()
                case .noticed(let changes):
                    if let batch = try await reader?.next(with: changes) { publish(batch, registry) }
                case .committed:
                    try await Task.sleep(for: Self.pause)
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
                // The database, most likely. Readers load everything anew when it is back.
                logger.error("events cannot be read", metadata: ["error": "\(error)"])
                reader = nil
                hub.endAll()
            }
        }
    }

    private func publish(_ batch: EventReader.Batch, _ registry: Registry) {
        if batch.isIncomplete { hub.reset() }
        guard !batch.events.isEmpty else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        hub.publish(
            batch.events.compactMap { event in
                let body = EventBody(event, registry: registry)
                return (try? encoder.encode(body)).map { (body.type, String(decoding: $0, as: UTF8.self)) }
            }
        )
    }
}
