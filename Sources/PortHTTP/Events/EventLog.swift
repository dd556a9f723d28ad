import NIOCore
import PortRegistry

/// The newest events in the format of the stream. All readers read from it.
struct EventLog {
    /// The id of an event: `EPOCH-NUMBER`. An epoch ends when the log is discarded or the daemon stops, so that ids are
    /// never used twice.
    struct ID: Hashable, CustomStringConvertible {
        var epoch: String
        var number: Int

        init(epoch: String, number: Int) {
            self.epoch = epoch
            self.number = number
        }

        /// Parses an id; `nil` for any other text.
        init?(_ text: String) {
            let parts = text.split(separator: "-", omittingEmptySubsequences: false)
            guard parts.count == 2, let number = Int(parts[1]), number >= 0 else { return nil }
            self.init(epoch: String(parts[0]), number: number)
        }

        var description: String { "\(epoch)-\(number)" }
    }

    /// The limits of the log. It keeps as many of the newest events as both allow.
    struct Limit {
        var events: Int
        /// In bytes.
        var size: Int
    }

    /// The maximum size of a chunk in bytes, unless a single event is larger.
    private static let chunkSize = 65536

    private let epoch: String
    private var texts: BoundedLog<ByteBuffer>

    init(epoch: String, limit: Limit) {
        self.epoch = epoch
        texts = BoundedLog(maximumCount: limit.events, maximumSize: limit.size) { $0.readableBytes }
    }

    /// The number of the newest event; 0 before the first.
    var last: Int { texts.last }

    /// The id of the newest event.
    var position: ID { ID(epoch: epoch, number: last) }

    /// The number of the newest dropped event; 0 if none was dropped.
    var forgotten: Int { texts.forgotten }

    /// Adds an event, and drops the oldest ones beyond the limit. `data` is one line.
    mutating func append(_ name: String, data: String) {
        let id = ID(epoch: epoch, number: last + 1)
        texts.append(ByteBuffer(string: "id: \(id)\nevent: \(name)\ndata: \(data)\n\n"))
    }

    /// Whether all events after `id` are kept. They are not when it is too old or from another epoch.
    func canContinue(after id: ID) -> Bool { id.epoch == epoch && (forgotten...last).contains(id.number) }

    /// Returns the events after `number` up to `end` as one chunk, as many as fit, and the number of the last one in
    /// it. `number` must be at least `forgotten` and less than `end`.
    func chunk(after number: Int, upTo end: Int) -> (ByteBuffer, Int) {
        let waiting = texts.elements(after: number, limit: end - number)
        var (chunk, taken) = (waiting.first!, 1)
        for text in waiting.dropFirst() {
            guard chunk.readableBytes + text.readableBytes <= Self.chunkSize else { break }
            chunk.writeImmutableBuffer(text)
            taken += 1
        }
        return (chunk, number + taken)
    }
}
