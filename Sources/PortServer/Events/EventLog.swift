internal import NIOCore

/// The last events as they go over the wire, so that a reader that was cut off can go on where it was.
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

    /// What a reader that comes back has missed.
    enum Missed {
        /// In the order they happened; none is nothing.
        case events([ByteBuffer])
        /// Too long ago, or of another epoch.
        case tooMuch
    }

    private let epoch: String
    private let limit: Int
    private var texts: [ByteBuffer] = []
    /// Of the newest event; 0 before the first.
    private var last = 0

    /// `limit`: how many events are kept.
    init(epoch: String, limit: Int) {
        self.epoch = epoch
        self.limit = limit
    }

    /// Where a reader is that has everything.
    var position: ID { ID(epoch: epoch, number: last) }

    /// Adds an event and returns it as it goes over the wire. `data` is one line.
    mutating func append(_ name: String, data: String) -> ByteBuffer {
        last += 1
        let text = ByteBuffer(string: "id: \(position)\nevent: \(name)\ndata: \(data)\n\n")
        texts.append(text)
        // In halves, so that the array is not moved for each event.
        if texts.count >= 2 * limit { texts.removeFirst(texts.count - limit) }
        return text
    }

    func missed(since id: ID) -> Missed {
        guard id.epoch == epoch, id.number <= last, last - id.number <= min(texts.count, limit) else { return .tooMuch }
        return .events(Array(texts.suffix(last - id.number)))
    }
}
