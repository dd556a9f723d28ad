import NIOCore

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
    private let limit: Limit
    /// The events. Those before `start` are dropped: their buffers are empty.
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

    /// The number of the newest dropped event; 0 if none was dropped.
    var forgotten: Int { last - (texts.count - start) }

    /// Adds an event, and drops the oldest ones beyond the limit. `data` is one line.
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
        // Only when half of the array is empty, so that its elements are not moved for each event.
        if start > texts.count / 2 {
            texts.removeFirst(start)
            start = 0
        }
    }

    /// Whether all events after `id` are kept. They are not when it is too old or from another epoch.
    func canContinue(after id: ID) -> Bool { id.epoch == epoch && (forgotten...last).contains(id.number) }

    /// Returns the events after `number` up to `end` as one chunk, as many as fit, and the number of the last one in
    /// it. `number` must be at least `forgotten` and less than `end`.
    func chunk(after number: Int, upTo end: Int) -> (ByteBuffer, Int) {
        let waiting = texts[(start + number - forgotten)...].prefix(end - number)
        var (chunk, taken) = (waiting.first!, 1)
        for text in waiting.dropFirst() {
            guard chunk.readableBytes + text.readableBytes <= Self.chunkSize else { break }
            chunk.writeImmutableBuffer(text)
            taken += 1
        }
        return (chunk, number + taken)
    }
}
