import HTTPTypes
import NIOCore
import Synchronization

/// Hands events to whoever reads them, and waits for nobody: readers take what they have not had from one log. One that
/// is so slow that the log has lost it is told so. (One that takes nothing at all is ``RequestDeadlineHandler``'s.)
final class EventHub: Sendable {
    /// PROMISES 19.
    static let maximumReaders = 128
    /// How far a reader may be behind and still go on: some seconds of a machine's utmost, an hour of a busy one.
    static let history = EventLog.Limit(events: 16384, size: 16 << 20)

    /// What one reader gets, until the daemon stops.
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
        /// The number of the last event that it was given.
        var position: Int
        /// The number of the event behind which it is told that it is up to date; `nil` once it was.
        var ready: Int?
        /// Some of what is behind its position is gone.
        var hasMissed: Bool
        var waiter: CheckedContinuation<ByteBuffer?, Never>?
    }

    private struct State {
        var log = EventLog(epoch: EventHub.newEpoch(), limit: EventHub.history)
        var readers: [Int: Reader] = [:]
        var lastNumber = 0
        var lastLeft: ContinuousClock.Instant?
        var isOver = false
    }

    private let state = Mutex(State())
    private let hello: String
    private let patience: Duration

    /// `hello`: told to each reader, in one line. `patience`: how long events are worth being looked at after the last
    /// reader has gone, who may come back.
    init(hello: String, patience: Duration) {
        self.hello = hello
        self.patience = patience
    }

    /// Whether anybody reads, or may come back to go on.
    var hasSubscribers: Bool { state.withLock { hasSubscribers($0) } }

    private func hasSubscribers(_ state: State) -> Bool {
        if !state.readers.isEmpty { return true }
        return state.lastLeft.map { $0 + patience > .now } ?? false
    }

    /// A reader that had the event `last` before, or nothing. Throws 503 for one too many, and when the daemon stops.
    func subscribe(since last: EventLog.ID?) throws(APIError) -> Subscription {
        if state.withLock({ $0.isOver }) {
            throw APIError(.serviceUnavailable, "the daemon is stopping", code: "stopping")
        }
        let number: Int? = state.withLock { state in
            guard state.readers.count < Self.maximumReaders else { return nil }
            let newest = state.log.last
            let hasMissed = last.map { !state.log.canContinue(after: $0) } ?? false
            let position = hasMissed ? newest : last?.number ?? newest
            state.lastNumber += 1
            state.readers[state.lastNumber] = Reader(position: position, ready: newest, hasMissed: hasMissed)
            return state.lastNumber
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

    func unsubscribe(_ subscription: Subscription) {
        let reader = state.withLock { state in
            let reader = state.readers.removeValue(forKey: subscription.number)
            if reader != nil, state.readers.isEmpty { state.lastLeft = .now }
            return reader
        }
        reader?.waiter?.resume(returning: nil)
    }

    /// What the reader has not had; waits for it. `nil` at the end.
    private func next(for number: Int) async -> ByteBuffer? {
        await withCheckedContinuation { continuation in
            let answer: ByteBuffer?? = state.withLock { state in
                guard var reader = state.readers[number] else { return .some(nil) }
                let piece = take(for: &reader, from: state.log)
                if piece == nil { reader.waiter = continuation }
                state.readers[number] = reader
                return piece.map(Optional.some)
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    /// `nil` when there is nothing that the reader has not had.
    private func take(for reader: inout Reader, from log: EventLog) -> ByteBuffer? {
        if reader.hasMissed {
            reader.hasMissed = false
            (reader.position, reader.ready) = (log.last, log.last)
            return ByteBuffer(string: "event: reset\ndata: {}\n\n")
        }
        if reader.position == reader.ready {
            reader.ready = nil
            let id = EventLog.ID(epoch: log.position.epoch, number: reader.position)
            return ByteBuffer(string: "id: \(id)\nevent: ready\ndata: \(hello)\n\n")
        }
        guard reader.position < log.last else { return nil }
        let (piece, last) = log.piece(after: reader.position, upTo: reader.ready ?? log.last)
        reader.position = last
        return piece
    }

    /// Events by their names, with their data in one line each.
    func publish(_ events: [(name: String, data: String)]) {
        change { state in
            for (name, data) in events { state.log.append(name, data: data) }
            for (number, reader) in state.readers where reader.position < state.log.forgotten {
                state.readers[number]!.hasMissed = true
            }
        }
    }

    /// Some of what happened was not told: nobody can go on where it was.
    func reset() {
        change { state in
            state.log = EventLog(epoch: Self.newEpoch(), limit: Self.history)
            for number in state.readers.keys { state.readers[number]!.hasMissed = true }
        }
    }

    /// Keeps connections alive, and lets go of what nobody will come back for.
    func heartbeat() {
        let waiters = state.withLock { state in
            if !hasSubscribers(state) { state.log = EventLog(epoch: Self.newEpoch(), limit: Self.history) }
            let waiting = state.readers.filter { $0.value.waiter != nil }
            for number in waiting.keys { state.readers[number]!.waiter = nil }
            return waiting.values.map { $0.waiter! }
        }
        for waiter in waiters { waiter.resume(returning: ByteBuffer(string: ": heartbeat\n\n")) }
    }

    /// Ends every stream, for good.
    func stop() {
        state.withLock { $0.isOver = true }
        endAll()
    }

    /// Ends every stream; the readers may come back.
    func endAll() {
        let readers = state.withLock { state in
            defer { state.readers = [:] }
            state.lastLeft = nil
            return state.readers.values
        }
        for reader in readers { reader.waiter?.resume(returning: nil) }
    }

    /// Serves those who wait with what `body` has changed.
    private func change(_ body: (inout State) -> Void) {
        let served = state.withLock { state in
            body(&state)
            return serveWaiting(&state)
        }
        for (waiter, piece) in served { waiter.resume(returning: piece) }
    }

    private func serveWaiting(_ state: inout State) -> [(CheckedContinuation<ByteBuffer?, Never>, ByteBuffer)] {
        // Most have had the same: joined once for all of them.
        var pieces: [Int: (ByteBuffer, Int)] = [:]
        var served: [(CheckedContinuation<ByteBuffer?, Never>, ByteBuffer)] = []
        for (number, var reader) in state.readers {
            guard let waiter = reader.waiter else { continue }
            let piece: ByteBuffer?
            if !reader.hasMissed, reader.ready == nil, let known = pieces[reader.position] {
                (piece, reader.position) = known
            } else {
                let (before, isPlain) = (reader.position, !reader.hasMissed && reader.ready == nil)
                piece = take(for: &reader, from: state.log)
                if isPlain, let piece { pieces[before] = (piece, reader.position) }
            }
            guard let piece else { continue }
            reader.waiter = nil
            state.readers[number] = reader
            served.append((waiter, piece))
        }
        return served
    }

    private static func newEpoch() -> String { String(UInt32.random(in: 0...UInt32.max), radix: 36) }
}
