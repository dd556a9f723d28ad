import Testing

@testable import PortClient

/// The status of an answer, as far as it has arrived.
@Suite struct HTTPStatusTests {
    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\n", HTTPStatus.Answer.final(200)), ("HTTP/1.0 404 Not Found\n", .final(404)),
        ("HTTP/1.1 204\r\n", .final(204)), ("HTTP/1.1 101 Switching Protocols\r\n", .final(101)),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 no\r\n", .final(500)),
        ("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n", .final(200)), ("", .incomplete),
        ("HTTP/1.1 200", .incomplete), ("HTTP/1.1 100 Continue\r\n", .incomplete),
        ("HTTP/1.1 100 Continue\r\n\r\n", .incomplete), ("HTTP/1.1 103 Early\r\nLink: x\r\n", .incomplete),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 5", .incomplete),
    ])
    func statusIsThatOfTheFinalAnswer(_ text: String, _ expected: HTTPStatus.Answer) {
        #expect(HTTPStatus.status(in: Array(text.utf8)) == expected)
    }

    @Test(arguments: [
        "hello\n", "HTTP/9 +200\n", "HTTP/1.1 +20 x\n", "HTTP/1.1 20 x\n", "HTTP/1.1 2000 x\n", "HTTP/2 200\n", "\r\n",
        "HTTP/1.1 600 x\n", "HTTP/1.1 100 Continue\r\n\r\nhello\n",
    ])
    func whatIsNotHTTPHasNoStatus(_ text: String) { #expect(HTTPStatus.status(in: Array(text.utf8)) == nil) }
}
