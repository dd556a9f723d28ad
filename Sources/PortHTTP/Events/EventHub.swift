import HTTPTypes
import NIOCore
import Synchronization

/// Distributes events to any number of readers, and never waits for one.
///
/// All readers read from one log, each at its own position. A reader that is too slow for the log receives `reset`.
/// ``RequestDeadlineHandler`` closes the connection of one that reads nothing at all.
final class EventHub: Sendable {
    /// The largest number of readers (docs/promises.md, 19).
    static let maximumReaders = 128
    /// How far a reader may lag behind: a few seconds at full load, an hour on a busy machine.
    static let history = EventLog.Limit(events: 16384, size: 16 << 20)

    /// The chunks of one reader's stream. It ends when the daemon stops.
    struct Subscription: AsyncSequence, Sendable {
        fileprivate let hub: EventHub
        fileprivate let number: Int

        struct AsyncIterator: AsyncIteratorProtocol {
            fileprivate let subscription: Subscription

            func next() async -> ByteBuffer? { await subscription.hub.next(for: subscription.number) }
        }

        func makeAsyncIterator() -> AsyncIterator { AsyncIterator(subscription: self) }
    }

    private struct Reader {
        /// The number of the last event that the reader has received.
        var position: Int
        /// Send `ready` after this event; `nil` once sent.
        var ready: Int?
        /// Whether the log has dropped events after `position`.
        var hasMissed: Bool
        var waiter: CheckedContinuation<ByteBuffer?, Never>?
    }

    private struct State {
        var log = EventLog(epoch: EventHub.newEpoch(), limit: EventHub.history)
        var readers: [Int: Reader] = [:]
        var lastReader = 0
        var lastUnsubscribed: ContinuousClock.Instant?
        var isStopped = false
    }

    private let state = Mutex(State())
    private let readyData: String
    private let retention: Duration

    /// Creates a hub without readers.
    ///
    /// - Parameters:
    ///   - readyData: The data of the event `ready`, in one line.
    ///   - retention: How long events are kept after the last reader has gone, for its return.
    init(readyData: String, retention: Duration) {
        self.readyData = readyData
        self.retention = retention
    }

    /// Whether there is a reader, or the last one left so recently that it may return.
    var hasSubscribers: Bool { state.withLock { hasSubscribers($0) } }

    private func hasSubscribers(_ state: State) -> Bool {
        if !state.readers.isEmpty { return true }
        return state.lastUnsubscribed.map { $0 + retention > .now } ?? false
    }

    /// Adds a reader that continues after the event `last`, or begins now for `nil`. Throws a 503 for too many readers,
    /// and when the daemon stops.
    func subscribe(since last: EventLog.ID?) throws(APIError) -> Subscription {
        if state.withLock({ $0.isStopped }) {
            throw APIError(.serviceUnavailable, "the daemon is stopping", code: "stopping")
        }
        let number: Int? = state.withLock { state in
            guard state.readers.count < Self.maximumReaders else { return nil }
            let newest = state.log.last
            let hasMissed = last.map { !state.log.canContinue(after: $0) } ?? false
            let position = hasMissed ? newest : last?.number ?? newest
            state.lastReader += 1
            state.readers[state.lastReader] = Reader(position: position, ready: newest, hasMissed: hasMissed)
            return state.lastReader
        }
        guard let number else {
            throw APIError(
                .serviceUnavailable,
                "no more than \(Self.maximumReaders) readers of events are served",
                code: "too_many_readers",
                hint: "close one, or try again"
            )
        }
        return Subscription(hub: self, number: number)
    }

    /// Removes the reader and ends its stream.
    func unsubscribe(_ subscription: Subscription) {
        let reader = state.withLock { state in
            let reader = state.readers.removeValue(forKey: subscription.number)
            if reader != nil, state.readers.isEmpty { state.lastUnsubscribed = .now }
            return reader
        }
        reader?.waiter?.resume(returning: nil)
    }

    /// Returns the next chunk for a reader, and waits for one if needed. Returns `nil` at the end of the stream.
    private func next(for number: Int) async -> ByteBuffer? {
        await withCheckedContinuation { continuation in
            let result: ByteBuffer?? = state.withLock { state in
                guard var reader = state.readers[number] else { return .some(nil) }
                let chunk = nextChunk(for: &reader, from: state.log)
                if chunk == nil { reader.waiter = continuation }
                state.readers[number] = reader
                return chunk.map(Optional.some)
            }
            if let result { continuation.resume(returning: result) }
        }
    }

    /// Returns the next chunk for a reader; `nil` when the reader has received everything.
    private func nextChunk(for reader: inout Reader, from log: EventLog) -> ByteBuffer? {
        if reader.hasMissed {
            reader.hasMissed = false
            (reader.position, reader.ready) = (log.last, log.last)
            return ByteBuffer(string: "event: reset\ndata: {}\n\n")
        }
        if reader.position == reader.ready {
            reader.ready = nil
            let id = EventLog.ID(epoch: log.position.epoch, number: reader.position)
            return ByteBuffer(string: "id: \(id)\nevent: ready\ndata: \(readyData)\n\n")
        }
        guard reader.position < log.last else { return nil }
        let (chunk, last) = log.chunk(after: reader.position, upTo: reader.ready ?? log.last)
        reader.position = last
        return chunk
    }

    /// Adds events to the log, and sends them to the readers. The data of each is one line.
    func publish(_ events: [(name: String, data: String)]) {
        change { state in
            for (name, data) in events { state.log.append(name, data: data) }
            for (number, reader) in state.readers where reader.position < state.log.forgotten {
                state.readers[number]!.hasMissed = true
            }
        }
    }

    /// Discards the log, because some events could not be published. Every reader receives `reset`.
    func reset() {
        change { state in
            state.log = EventLog(epoch: Self.newEpoch(), limit: Self.history)
            for number in state.readers.keys { state.readers[number]!.hasMissed = true }
        }
    }

    /// Sends a comment to the waiting readers, to keep their connections alive, and discards a log that nobody needs.
    func heartbeat() {
        let waiters = state.withLock { state in
            if !hasSubscribers(state) { state.log = EventLog(epoch: Self.newEpoch(), limit: Self.history) }
            let waiting = state.readers.filter { $0.value.waiter != nil }
            for number in waiting.keys { state.readers[number]!.waiter = nil }
            return waiting.values.map { $0.waiter! }
        }
        for waiter in waiters { waiter.resume(returning: ByteBuffer(string: ": heartbeat\n\n")) }
    }

    /// Ends every stream and refuses new readers.
    func stop() {
        let readers = state.withLock { state in
            state.isStopped = true
            defer { state.readers = [:] }
            return state.readers.values
        }
        for reader in readers { reader.waiter?.resume(returning: nil) }
    }

    /// Changes the state, and sends what is new to the waiting readers.
    private func change(_ body: (inout State) -> Void) {
        let served = state.withLock { state in
            body(&state)
            return chunksForWaitingReaders(&state)
        }
        for (waiter, chunk) in served { waiter.resume(returning: chunk) }
    }

    /// Advances the waiting readers that have not received everything, and returns what to resume each with.
    private func chunksForWaitingReaders(
        _ state: inout State
    ) -> [(CheckedContinuation<ByteBuffer?, Never>, ByteBuffer)] {
        // Most readers are at the same position: make the chunk once for all of them.
        var chunks: [Int: (ByteBuffer, Int)] = [:]
        var served: [(CheckedContinuation<ByteBuffer?, Never>, ByteBuffer)] = []
        for (number, var reader) in state.readers {
            guard let waiter = reader.waiter else { continue }
            let chunk: ByteBuffer?
            if !reader.hasMissed, reader.ready == nil, let known = chunks[reader.position] {
                (chunk, reader.position) = known
            } else {
                let (before, isPlain) = (reader.position, !reader.hasMissed && reader.ready == nil)
                chunk = nextChunk(for: &reader, from: state.log)
                if isPlain, let chunk { chunks[before] = (chunk, reader.position) }
            }
            guard let chunk else { continue }
            reader.waiter = nil
            state.readers[number] = reader
            served.append((waiter, chunk))
        }
        return served
    }

    private static func newEpoch() -> String { String(UInt32.random(in: 0...UInt32.max), radix: 36) }
}
