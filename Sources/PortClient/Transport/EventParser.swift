import PortAPI
import PortModel

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An incremental parser for a chunked HTTP response of server-sent events.
struct EventParser {
    private var head: HTTPExchange.Head?
    /// Received bytes that are not parsed yet.
    private var bytes: [UInt8] = []
    /// The length of the chunk that is being received; `nil` between two chunks.
    private var chunkLength: Int?
    /// Decoded bytes of the body that do not form a complete event yet.
    private var text: [UInt8] = []
    /// Whether the response is complete.
    private(set) var isComplete = false
    /// The error, when the response is not a stream.
    private(set) var refusal: ErrorBody?

    /// In bytes. The daemon's events have a few hundred, at most some ten thousand.
    private static let maximumLength = 1 << 20

    /// Adds received bytes and returns the events that they complete. Throws ``HTTPExchange/Malformed``.
    mutating func events(in more: [UInt8]) throws -> [EventStream.Event] {
        bytes += more
        if head == nil {
            guard let head = try HTTPExchange.Head(in: bytes) else { return [] }
            self.head = head
            bytes.removeFirst(head.size)
        }
        guard let head, head.status == 200, head.isChunked else { return try readRefusal() }
        while try readChunk() {}
        guard bytes.count + text.count <= Self.maximumLength else { throw HTTPExchange.Malformed() }
        return readEvents()
    }

    private mutating func readRefusal() throws -> [EventStream.Event] {
        guard let length = head?.contentLength, head?.status != 200 else { throw HTTPExchange.Malformed() }
        guard bytes.count >= length else { return [] }
        refusal = try JSONDecoder().decode(ErrorBody.self, from: Data(bytes.prefix(length)))
        return []
    }

    /// Reads a chunk's length or its data, and returns whether there may be more to read. RFC 9112, section 7.1:
    /// lengths are hexadecimal, and a line break follows each length and each chunk.
    private mutating func readChunk() throws -> Bool {
        if isComplete { return false }
        guard let length = chunkLength else {
            guard let end = bytes.firstIndex(of: 10) else { return false }
            let line = String(decoding: bytes[..<end], as: UTF8.self).trimmingSpaces()
            guard let length = Int(line, radix: 16), (0...Self.maximumLength).contains(length) else {
                throw HTTPExchange.Malformed()
            }
            bytes.removeFirst(end + 1)
            chunkLength = length
            isComplete = length == 0
            return !isComplete
        }
        guard bytes.count >= length + 2 else { return false }
        text += bytes.prefix(length)
        bytes.removeFirst(length + 2)
        chunkLength = nil
        return true
    }

    private mutating func readEvents() -> [EventStream.Event] {
        var events: [EventStream.Event] = []
        // An event ends with a blank line. The daemon ends lines with a line feed alone.
        while let end = text.indices.dropLast().first(where: { text[$0] == 10 && text[$0 + 1] == 10 }) {
            if let event = Self.event(in: String(decoding: text[..<end], as: UTF8.self)) { events.append(event) }
            text.removeFirst(end + 2)
        }
        return events
    }

    /// Parses one event; `nil` for a comment.
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
