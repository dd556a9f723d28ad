import PortAPI
import PortModel

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Takes an answer of server-sent events to pieces, however its bytes arrive.
struct EventParser {
    private var head: HTTPExchange.Head?
    /// What was not understood yet.
    private var bytes: [UInt8] = []
    /// Bytes of the piece that is being read; `nil` between two.
    private var pieceLength: Int?
    private var text: [UInt8] = []
    /// The answer is whole.
    private(set) var isOver = false
    /// The answer is no stream but an error.
    private(set) var refusal: ErrorBody?

    /// The daemon's events have a few hundred bytes, at most some ten thousand.
    private static let maximumLength = 1 << 20

    /// Adds what came and returns the events that are whole by it. Throws ``HTTPExchange/Malformed``.
    mutating func events(in more: [UInt8]) throws -> [EventStream.Event] {
        bytes += more
        if head == nil {
            guard let head = try HTTPExchange.Head(in: bytes) else { return [] }
            self.head = head
            bytes.removeFirst(head.size)
        }
        guard let head, head.status == 200, head.isChunked else { return try readRefusal() }
        while try readPiece() {}
        guard bytes.count + text.count <= Self.maximumLength else { throw HTTPExchange.Malformed() }
        return readEvents()
    }

    private mutating func readRefusal() throws -> [EventStream.Event] {
        guard let length = head?.contentLength, head?.status != 200 else { throw HTTPExchange.Malformed() }
        guard bytes.count >= length else { return [] }
        refusal = try JSONDecoder().decode(ErrorBody.self, from: Data(bytes.prefix(length)))
        return []
    }

    /// RFC 9112, section 7.1: lengths in hexadecimal digits, each piece and its length with a line's end behind it.
    private mutating func readPiece() throws -> Bool {
        if isOver { return false }
        guard let length = pieceLength else {
            guard let end = bytes.firstIndex(of: 10) else { return false }
            let line = String(decoding: bytes[..<end], as: UTF8.self).trimmingSpaces()
            guard let length = Int(line, radix: 16), (0...Self.maximumLength).contains(length) else {
                throw HTTPExchange.Malformed()
            }
            bytes.removeFirst(end + 1)
            pieceLength = length
            isOver = length == 0
            return !isOver
        }
        guard bytes.count >= length + 2 else { return false }
        text += bytes.prefix(length)
        bytes.removeFirst(length + 2)
        pieceLength = nil
        return true
    }

    private mutating func readEvents() -> [EventStream.Event] {
        var events: [EventStream.Event] = []
        // An event ends with a blank line; lines end with a line feed, as the daemon writes them.
        while let end = text.indices.dropLast().first(where: { text[$0] == 10 && text[$0 + 1] == 10 }) {
            if let event = Self.event(in: String(decoding: text[..<end], as: UTF8.self)) { events.append(event) }
            text.removeFirst(end + 2)
        }
        return events
    }

    /// `nil` for a comment.
    private static func event(in text: String) -> EventStream.Event? {
        var event = EventStream.Event(id: nil, name: "message", data: "")
        var hasFields = false
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count == 2 ? String(parts[1].drop { $0 == " " }) : ""
            switch parts[0] {
            case "id": event.id = value
            case "event": event.name = value
            case "data": event.data += value
            default: continue
            }
            hasFields = true
        }
        return hasFields ? event : nil
    }
}
