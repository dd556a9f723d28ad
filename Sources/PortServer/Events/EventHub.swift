internal import HTTPTypes
internal import NIOCore
internal import Synchronization

/// Hands events to whoever reads them, and waits for nobody: a reader that does not keep up is cut off, and may come
/// back for what it has missed.
final class EventHub: Sendable {
    /// PROMISES 19.
    static let maximumReaders = 128
    /// How many events a reader may be behind and still go on: those of an hour on a busy machine.
    static let historyLength = 4096
    /// Pieces that wait for one reader; a piece is what happened within ``EventFeed/pause``.
    private static let backlog = 256

    /// What one reader gets, until it is cut off or the daemon stops.
    struct Subscription: Sendable {
        fileprivate let number: Int
        let pieces: AsyncStream<ByteBuffer>
    }

    private struct Reader {
        var continuation: AsyncStream<ByteBuffer>.Continuation
        var cutOff: @Sendable () -> Void
    }

    private struct State {
        var log = EventLog(epoch: EventHub.newEpoch(), limit: EventHub.historyLength)
        var readers: [Int: Reader] = [:]
        var lastNumber = 0
        var lastLeft: ContinuousClock.Instant?
        var isOver = false
    }

    private let state = Mutex(State())
    private let patience: Duration

    /// `patience`: how long events are worth being looked at after the last reader has gone, who may come back.
    init(patience: Duration) { self.patience = patience }

    /// Whether anybody reads, or may come back to go on.
    var isWanted: Bool {
        state.withLock { state in
            if !state.readers.isEmpty { return true }
            return state.lastLeft.map { $0 + patience > .now } ?? false
        }
    }

    /// A reader that had the event `last` before, or nothing. `hello` is told to everybody first. `cutOff` is called
    /// when it does not keep up. Throws 503 for one too many, and when the daemon stops.
    func subscribe(
        since last: EventLog.ID?,
        hello: String,
        cutOff: @escaping @Sendable () -> Void
    ) throws(APIError) -> Subscription {
        let (stream, continuation) = AsyncStream.makeStream(
            of: ByteBuffer.self,
            bufferingPolicy: .bufferingOldest(Self.backlog)
        )
        if state.withLock({ $0.isOver }) {
            throw APIError(.serviceUnavailable, "the daemon is stopping", code: "stopping")
        }
        let number: Int? = state.withLock { state in
            guard state.readers.count < Self.maximumReaders else { return nil }
            if let last {
                switch state.log.missed(since: last) {
                case .tooMuch: continuation.yield(ByteBuffer(string: "event: reset\ndata: {}\n\n"))
                case .events(let texts): for piece in ByteBuffer.pieces(of: texts) { continuation.yield(piece) }
                }
            }
            continuation.yield(ByteBuffer(string: "id: \(state.log.position)\nevent: ready\ndata: \(hello)\n\n"))
            state.lastNumber += 1
            state.readers[state.lastNumber] = Reader(continuation: continuation, cutOff: cutOff)
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
        return Subscription(number: number, pieces: stream)
    }

    func unsubscribe(_ subscription: Subscription) {
        let reader = state.withLock { state in
            defer { if state.readers.isEmpty { state.lastLeft = .now } }
            return state.readers.removeValue(forKey: subscription.number)
        }
        reader?.continuation.finish()
    }

    /// Events by their names, with their data in one line each.
    func tell(_ events: [(name: String, data: String)]) {
        let slow = state.withLock { state in
            let texts = events.map { state.log.append($0.name, data: $0.data) }
            return ByteBuffer.pieces(of: texts).flatMap { broadcast($0, &state) }
        }
        for reader in slow { reader.cutOff() }
    }

    /// Keeps connections alive, and finds those that are gone.
    func beat() {
        let slow = state.withLock { broadcast(ByteBuffer(string: ": heartbeat\n\n"), &$0) }
        for reader in slow { reader.cutOff() }
    }

    /// What happened was not looked at for a while: nobody can go on where it was.
    func beginAnew() {
        state.withLock { $0.log = EventLog(epoch: Self.newEpoch(), limit: Self.historyLength) }
    }

    /// Ends every stream, for good.
    func stop() {
        let readers = state.withLock { state in
            state.isOver = true
            defer { state.readers = [:] }
            return state.readers.values
        }
        for reader in readers { reader.continuation.finish() }
    }

    /// Ends every stream; the readers may come back.
    func cutOffAll() {
        let readers = state.withLock { state in
            defer { state.readers = [:] }
            state.lastLeft = nil
            return state.readers.values
        }
        for reader in readers {
            reader.continuation.finish()
            reader.cutOff()
        }
    }

    /// Returns the readers that have too much before them, and are none any more.
    private func broadcast(_ piece: ByteBuffer, _ state: inout State) -> [Reader] {
        var slow: [Reader] = []
        for (number, reader) in state.readers {
            if case .enqueued = reader.continuation.yield(piece) { continue }
            reader.continuation.finish()
            slow.append(reader)
            state.readers[number] = nil
        }
        if state.readers.isEmpty, !slow.isEmpty { state.lastLeft = .now }
        return slow
    }

    private static func newEpoch() -> String { String(UInt32.random(in: 0...UInt32.max), radix: 36) }
}

extension ByteBuffer {
    /// Joined, but for what would become larger than readers like to take at once.
    fileprivate static func pieces(of parts: [ByteBuffer]) -> [ByteBuffer] {
        var pieces: [ByteBuffer] = []
        for part in parts {
            if let last = pieces.last, last.readableBytes + part.readableBytes <= 65536 {
                pieces[pieces.count - 1].writeImmutableBuffer(part)
            } else {
                pieces.append(part)
            }
        }
        return pieces
    }
}
