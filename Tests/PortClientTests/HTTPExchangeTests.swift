import Foundation
import PortSystem
import Testing

@testable import PortClient

/// The server at PORT_SERVER_ADDR may be any program, so every response is checked.
@Suite struct HTTPExchangeTests {
    private func head(_ text: String) throws -> HTTPExchange.Head? { try HTTPExchange.Head(in: Array(text.utf8)) }

    @Test func headIsParsedOnceItIsComplete() throws {
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
    func malformedResponseIsRefused(_ text: String) {
        #expect(throws: HTTPExchange.Malformed.self) { try head(text) }
    }

    /// Sends a request to a server that wrote `text` and shut the connection down before the request was sent. With
    /// `half`, it shut down only its own direction, so that the request arrives.
    private func response(to text: String, half: Bool = false) throws -> HTTPExchange.Response {
        let path = "/tmp/pct-\(UUID().uuidString.prefix(8))"
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0 && listen(listener, 1) == 0
            }
        }
        try #require(isBound)
        defer { unlink(path) }
        let connection = try StreamSocket.connect(path: path, timeout: .seconds(10))
        let other = accept(listener, nil, nil)
        try #require(other >= 0)
        defer { close(other) }
        let written = write(other, text, text.utf8.count)
        // Not close(2): a process that another test starts at this moment may have inherited the descriptor.
        shutdown(other, Int32(half ? SHUT_WR : SHUT_RDWR))
        try #require(written == text.utf8.count)
        return try HTTPExchange.perform("GET", "/", host: "localhost", token: nil, body: nil, over: connection)
    }

    @Test func refusalSentBeforeTheRequestWasReadIsTheResponse() throws {
        #expect(try response(to: "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n").status == 413)
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{"])
    func connectionClosedBeforeTheRequestHasNotReadIt(_ text: String) throws {
        let error = try #require(throws: SystemError.self) { try response(to: text) }
        #expect(error.isClosedByPeer)
    }

    @Test(arguments: ["", "HTT", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{"])
    func truncatedResponseIsAClosedConnection(_ text: String) {
        #expect(throws: HTTPExchange.Closed.self) { try response(to: text, half: true) }
    }

    @Test(arguments: ["SSH-2.0-OpenSSH\r\n", "220 smtp\r\n", "-ERR\r\n"])
    func greetingOfAnotherProtocolIsMalformed(_ text: String) {
        #expect(throws: HTTPExchange.Malformed.self) { try response(to: text, half: true) }
    }
}
