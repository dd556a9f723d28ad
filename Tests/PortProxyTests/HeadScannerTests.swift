import Testing

@testable import PortProxy

/// Heads and chunked bodies, as they arrive.
@Suite struct HeadScannerTests {
    private func request(_ text: String) throws(Malformed) -> RequestHead? {
        try withBytes(of: text) { bytes throws(Malformed) in try RequestHead(bytes) }
    }

    private func response(_ text: String, toHead: Bool = false) throws(Malformed) -> ResponseHead? {
        try withBytes(of: text) { bytes throws(Malformed) in try ResponseHead(bytes, isToHead: toHead) }
    }

    private func withBytes<Value>(
        of text: String,
        _ body: (UnsafeRawBufferPointer) throws(Malformed) -> Value
    ) throws(Malformed) -> Value {
        let result = Array(text.utf8).withUnsafeBytes { bytes in
            Result { () throws(Malformed) in try body(bytes) }
        }
        return try result.get()
    }

    private func part(_ text: String, _ range: Range<Int>) -> String {
        String(decoding: Array(text.utf8)[range], as: UTF8.self)
    }

    // MARK: Requests

    @Test func headIsScannedOnceItIsComplete() throws {
        let whole = "\r\nPOST /a?b HTTP/1.1\r\nHost: web.shop.localhost\r\ncontent-length:  12 \r\n\r\n"
        for length in 0..<whole.utf8.count {
            #expect(try request(String(whole.utf8.prefix(length))!) == nil)
        }
        let head = try #require(try request(whole + "rest"))
        #expect(part(whole, head.method) == "POST" && part(whole, head.target) == "/a?b")
        #expect(part(whole, head.host) == "web.shop.localhost" && head.framing == .length(12))
        #expect(head.end == whole.utf8.count && head.keepsAlive && !head.wantsUpgrade && !head.expectsContinue)
    }

    @Test(arguments: [
        ("", BodyFraming.none, true, false, false), ("Connection: close", .none, false, false, false),
        ("Transfer-Encoding: Chunked", .chunked, true, false, false),
        ("Content-Length: 0\r\nExpect: 100-continue", .length(0), true, false, true),
        ("connection: keep-alive, UPGRADE\r\nUpgrade: websocket", .none, true, true, false),
        ("Connection: upgrade", .none, true, false, false), ("Upgrade: websocket", .none, true, false, false),
        ("Content-Length: 999999999999999999", .length(999_999_999_999_999_999), true, false, false),
    ])
    func fieldsSayHowTheConnectionGoesOn(
        _ fields: String,
        _ framing: BodyFraming,
        _ keepsAlive: Bool,
        _ upgrades: Bool,
        _ expects: Bool
    ) throws {
        let text = "GET / HTTP/1.1\r\nHost: a\r\n\(fields.isEmpty ? "" : fields + "\r\n")\r\n"
        let head = try #require(try request(text))
        #expect(head.framing == framing && head.keepsAlive == keepsAlive)
        #expect(head.wantsUpgrade == upgrades && head.expectsContinue == expects)
    }

    @Test func oldClientsKeepAConnectionOnlyIfTheySaySo() throws {
        #expect(try request("GET / HTTP/1.0\r\nHost: a\r\n\r\n")?.keepsAlive == false)
        #expect(try request("GET / HTTP/1.0\r\nHost: a\r\nConnection: Keep-Alive\r\n\r\n")?.keepsAlive == true)
    }

    @Test(arguments: [
        ("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", Malformed.startLine), ("get / HTTP/1.1\r\nHost: a\r\n\r\n", .startLine),
        ("GET / HTTP/1.2\r\nHost: a\r\n\r\n", .startLine), ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", .startLine),
        ("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", .startLine), ("GET /\u{E4} HTTP/1.1\r\nHost: a\r\n\r\n", .startLine),
        ("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", .startLine), ("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", .startLine),
        ("BREW / HTTP/1.1\r\nHost: a\r\n\r\n", .startLine), ("\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}", .startLine),
        ("GET / HTTP/1.1\r\n\r\n", .host), ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", .host),
        ("GET / HTTP/1.1\r\nHost:\r\n\r\n", .host), ("GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", .host),
        ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", .host), ("GET / HTTP/1.1\r\nHost: \u{E4}\r\n\r\n", .host),
        ("GET x HTTP/1.1\r\nHost: a\r\n\r\n", .target), ("GET * HTTP/1.1\r\nHost: a\r\n\r\n", .target),
        ("GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", .target), ("GET http://ab/ HTTP/1.1\r\nHost: a\r\n\r\n", .target),
        ("GET https://a/ HTTP/1.1\r\nHost: a\r\n\r\n", .target), ("GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", .target),
        ("GET / HTTP/1.1\r\nHost: a\r\n b: c\r\n\r\n", .folded),
        ("GET / HTTP/1.1\r\nHost: a\r\nb : c\r\n\r\n", .fieldLine),
        ("GET / HTTP/1.1\r\nHost: a\r\nb\r\n\r\n", .fieldLine),
        ("GET / HTTP/1.1\r\nHost: a\r\n: c\r\n\r\n", .fieldLine),
        ("GET / HTTP/1.1\r\nHost: a\r\nb: \0\r\n\r\n", .fieldLine),
        ("GET / HTTP/1.1\r\nHost: a\r\nb: c\rd\r\n\r\n", .fieldLine),
        ("GET / HTTP/1.1\r\nHost: a\n\r\n", .lineEnd), ("GET / HTTP/1.1\r\nHost: a\r\n\n", .fieldLine),
        ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n", .framing),
        ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 2, 2\r\n\r\n", .framing),
        ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -2\r\n\r\n", .framing),
        ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n", .framing),
        ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000000000000\r\n\r\n", .framing),
        ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n", .framing),
        ("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", .framing),
        ("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", .framing),
        ("GET / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", .framing),
        ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\t\r\n\r\n", .fieldLine),
    ])
    func malformedRequestIsRefused(_ text: String, _ expected: Malformed) {
        #expect(throws: expected) { try request(text) }
    }

    @Test func absoluteTargetIsThePathBehindItsHost() throws {
        let text = "GET http://Web.shop.localhost:80/a HTTP/1.1\r\nHost: web.shop.localhost:80\r\n\r\n"
        #expect(part(text, try #require(try request(text)).target) == "/a")
    }

    @Test func headIsNotLongerThanItMayBe() throws {
        let start = "GET / HTTP/1.1\r\nHost: a\r\nX: "
        let longest = RequestHead.maximum - start.utf8.count - 4
        #expect(try request(start + String(repeating: "x", count: longest) + "\r\n\r\n") != nil)
        #expect(throws: Malformed.tooLong) {
            try request(start + String(repeating: "x", count: longest + 1) + "\r\n\r\n")
        }
        #expect(throws: Malformed.tooLong) { try request(start + String(repeating: "x", count: longest + 100)) }
    }

    // MARK: Answers

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\n\r\n", false, BodyFraming.untilEnd, false), ("HTTP/1.1 204 \r\n\r\n", false, .none, true),
        ("HTTP/1.1 304\r\nContent-Length: 5\r\n\r\n", false, .none, true),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", true, .none, true),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", false, .length(5), true),
        ("HTTP/1.1 200 \u{E4}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n", false, .chunked, false),
        ("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n", false, .length(5), false),
        ("HTTP/1.0 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\n", false, .length(5), true),
        ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n", false, .none, true),
    ])
    func answerSaysHowItsBodyEnds(_ text: String, _ toHead: Bool, _ framing: BodyFraming, _ keepsAlive: Bool) throws {
        for length in 0..<text.utf8.count - 1 {
            #expect(try response(String(decoding: text.utf8.prefix(length), as: UTF8.self), toHead: toHead) == nil)
        }
        let head = try #require(try response(text, toHead: toHead))
        #expect(head.framing == framing && head.keepsAlive == keepsAlive && head.end == text.utf8.count)
    }

    @Test func interimAnswersAreFollowedByAnother() throws {
        #expect(try response("HTTP/1.1 100 Continue\r\n\r\n")?.isInterim == true)
        #expect(try response("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n")?.isInterim == true)
        #expect(try response("HTTP/1.1 101 x\r\n\r\n")?.isInterim == false)
    }

    @Test(arguments: [
        "hello", "\0\0\0\u{8}", "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 099 OK\r\n\r\n", "HTTP/1.1 600 OK\r\n\r\n", "HTTP/1.1 200OK\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n",
    ])
    func whatIsNoAnswerIsRefused(_ text: String) {
        #expect(throws: Malformed.startLine) { try response(text) }
    }

    // MARK: Chunks

    /// Scans a body in pieces of `size` bytes. Returns how many bytes it has; `nil` when it does not end.
    private func length(ofChunked text: String, inPiecesOf size: Int) throws(Malformed) -> Int? {
        var scanner = ChunkScanner()
        var count = 0
        let bytes = Array(text.utf8)
        while count < bytes.count, !scanner.hasEnded {
            let piece = String(decoding: bytes[count..<min(bytes.count, count + size)], as: UTF8.self)
            count += try withBytes(of: piece) { bytes throws(Malformed) in try scanner.scan(bytes) }
        }
        return scanner.hasEnded ? count : nil
    }

    @Test(arguments: [
        "0\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n", "a;x=y;z\r\n0123456789\r\n0\r\nX: y\r\n\r\n",
        "0005\r\nhello\r\n00\r\n\r\n",
    ])
    func chunkedBodyEndsBehindItsTrailer(_ body: String) throws {
        for size in 1...body.utf8.count {
            #expect(try length(ofChunked: body + "GET /", inPiecesOf: size) == body.utf8.count)
        }
        #expect(try length(ofChunked: String(body.dropLast()), inPiecesOf: 3) == nil)
    }

    @Test(arguments: [
        "5\nhello\r\n", "x\r\n", "\r\n", "-1\r\n", "0x5\r\n", "5 \r\n", " 5\r\n", "5;\r\n", "5;=y\r\n", "5;a=b=c\r\n",
        "5;a=\"b\"\r\n",
        "5\r\nhelloX\r\n", "5\r\nhello\n", "10000000000000000\r\n", "0\r\nHost: a\r\n\r\n",
        "0\r\nContent-Length: 5\r\n\r\n",
        "0\r\nTransfer-Encoding: chunked\r\n\r\n",
    ])
    func malformedChunkIsRefused(_ body: String) {
        #expect(throws: Malformed.chunk) { try length(ofChunked: body, inPiecesOf: 4) }
    }

    @Test func malformedTrailerIsRefused() {
        #expect(throws: Malformed.fieldLine) { try length(ofChunked: "0\r\nX y\r\n\r\n", inPiecesOf: 4) }
        #expect(throws: Malformed.tooLong) {
            try length(ofChunked: "0\r\nX: " + String(repeating: "y", count: 70_000), inPiecesOf: 1000)
        }
        #expect(throws: Malformed.tooLong) {
            try length(ofChunked: String(repeating: "0", count: 5000), inPiecesOf: 1000)
        }
    }
}
