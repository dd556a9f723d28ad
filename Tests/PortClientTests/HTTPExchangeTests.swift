import Testing

@testable import PortClient

/// What answers at PORT_SERVER_ADDR may be anything.
@Suite struct HTTPExchangeTests {
    private func head(_ text: String) throws -> HTTPExchange.Head? { try HTTPExchange.Head(in: Array(text.utf8)) }

    @Test func aHeadIsReadOnceItIsWhole() throws {
        let whole = "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\ncontent-length: 12\r\n\r\n"
        for length in 0..<whole.utf8.count {
            #expect(try HTTPExchange.Head(in: Array(whole.utf8.prefix(length))) == nil)
        }
        let read = try #require(try head(whole + "{}"))
        #expect(read.status == 201 && read.contentLength == 12 && read.size == whole.utf8.count)
    }

    @Test func withoutALengthTheBodyEndsWithTheConnection() throws {
        #expect(try head("HTTP/1.0 200 OK\r\n\r\n")?.contentLength == nil)
    }

    @Test(arguments: [
        "\r\n\r\n", "hello\r\n\r\n", "HTTP/1.1\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/2 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: " + String(repeating: "x", count: 70_000),
    ])
    func whatIsNoAnswerOfOursIsRefused(_ text: String) {
        #expect(throws: HTTPExchange.Malformed.self) { try head(text) }
    }
}
