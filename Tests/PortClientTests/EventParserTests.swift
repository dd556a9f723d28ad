import PortAPI
import Testing

@testable import PortClient

/// The parser of a stream of server-sent events.
@Suite struct EventParserTests {
    private static let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"

    private func chunk(_ text: String) -> String { "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n" }

    private func events(_ pieces: [String]) throws -> [EventStream.Event] {
        var parser = EventParser()
        return try pieces.flatMap { try parser.events(in: Array($0.utf8)) }
    }

    @Test func eventsAreParsedHoweverTheBytesAreSplit() throws {
        let first = "id: a-1\nevent: allocated\ndata: {\"port\":3000}\n\n"
        let whole =
            Self.head + chunk(first) + chunk(": heartbeat\n\n") + chunk("event: reset\nda") + chunk("ta: {}\n\n")
        let expected = [
            EventStream.Event(id: "a-1", name: "allocated", data: "{\"port\":3000}"),
            EventStream.Event(id: nil, name: "reset", data: "{}"),
        ]
        #expect(try events([whole]) == expected)
        #expect(try events(whole.map(String.init)) == expected)
        for length in stride(from: 2, to: 40, by: 7) {
            let bytes = Array(whole.utf8)
            let pieces = stride(from: 0, to: bytes.count, by: length).map { start in
                String(decoding: bytes[start..<min(start + length, bytes.count)], as: UTF8.self)
            }
            #expect(try events(pieces) == expected)
        }
    }

    @Test func emptyChunkEndsTheStream() throws {
        var parser = EventParser()
        _ = try parser.events(in: Array((Self.head + chunk("data: x\n\n")).utf8))
        #expect(!parser.isComplete)
        _ = try parser.events(in: Array("0\r\n\r\n".utf8))
        #expect(parser.isComplete)
    }

    @Test func refusalInsteadOfAStreamIsDecoded() throws {
        let body = #"{"error":"no","code":"too_many_readers"}"#
        var parser = EventParser()
        let text = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        #expect(try parser.events(in: Array(text.utf8.dropLast())) == [] && parser.refusal == nil)
        #expect(try parser.events(in: Array("}".utf8)) == [])
        #expect(parser.refusal?.code == "too_many_readers")
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "hello\r\n\r\n",
        head + "x\r\n", head + "-1\r\n", head + "fffffffff\r\n",
        "HTTP/1.1 503 No\r\nContent-Length: 1\r\n\r\nx",
    ])
    func responseThatIsNotAStreamIsRefused(_ text: String) {
        #expect(throws: (any Error).self) { try events([text]) }
    }

    @Test func endlessEventIsRefused() {
        #expect(throws: HTTPExchange.Malformed.self) {
            try events([Self.head] + Array(repeating: chunk(String(repeating: "x", count: 60_000)), count: 20))
        }
    }
}
