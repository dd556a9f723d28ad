import NIOCore

/// The last events as they go over the wire, from which every reader is served.
struct EventLog {
    /// Which event a reader had last: `EPOCH-NUMBER`. An epoch ends when events were not looked at for a while, or the
    /// daemon was restarted.
    struct ID: Hashable, CustomStringConvertible {
        var epoch: String
        var number: Int

        init(epoch: String, number: Int) {
            self.epoch = epoch
            self.number = number
        }

        /// `nil` for anything else than an id of ours.
        init?(_ text: String) {
            let parts = text.split(separator: "-", omittingEmptySubsequences: false)
            guard parts.count == 2, let number = Int(parts[1]), number >= 0 else { return nil }
            self.init(epoch: String(parts[0]), number: number)
        }

        var description: String { "\(epoch)-\(number)" }
    }

    /// What is kept: as many of the newest events as fit into both.
    struct Limit {
        var events: Int
        /// Bytes.
        var size: Int
    }

    /// Bytes of a piece, unless one event alone has more: what readers like to take at once.
    private static let pieceSize = 65536

    private let epoch: String
    private let limit: Limit
    /// Those before `start` are gone, and empty.
    private var texts: [ByteBuffer] = []
    private var start = 0
    private var size = 0
    /// The number of the newest event; 0 before the first.
    private(set) var last = 0

    init(epoch: String, limit: Limit) {
        self.epoch = epoch
        self.limit = limit
    }

    /// The id of the newest event.
    var position: ID { ID(epoch: epoch, number: last) }

    /// The number of the event that is before all that are kept.
    var forgotten: Int { last - (texts.count - start) }

    /// Adds an event. `data` is one line.
    mutating func append(_ name: String, data: String) {
        last += 1
        let text = ByteBuffer(string: "id: \(position)\nevent: \(name)\ndata: \(data)\n\n")
        texts.append(text)
        size += text.readableBytes
        while texts.count - start > limit.events || size > limit.size {
            size -= texts[start].readableBytes
            texts[start] = ByteBuffer()
            start += 1
        }
        // In halves, so that the array is not moved for each event.
        if start > texts.count / 2 {
            texts.removeFirst(start)
            start = 0
        }
    }

    /// Whether a reader that had this event can go on: it is neither too old, nor of another epoch.
    func canContinue(after id: ID) -> Bool { id.epoch == epoch && (forgotten...last).contains(id.number) }

    /// What comes behind the event `number`, which is at least `forgotten` and less than `end`, and no further than the
    /// event `end`, joined to a piece; and the number of its last event.
    func piece(after number: Int, upTo end: Int) -> (ByteBuffer, Int) {
        let waiting = texts[(start + number - forgotten)...].prefix(end - number)
        var (piece, taken) = (waiting.first!, 1)
        for text in waiting.dropFirst() {
            guard piece.readableBytes + text.readableBytes <= Self.pieceSize else { break }
            piece.writeImmutableBuffer(text)
            taken += 1
        }
        return (piece, number + taken)
    }
}
