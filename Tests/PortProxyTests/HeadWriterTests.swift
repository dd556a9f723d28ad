import Testing

@testable import PortProxy

/// Heads as the other side gets them.
@Suite struct HeadWriterTests {
    private let route = Route(
        app: "my shop",
        instance: "main",
        service: "web",
        hostNames: ["web.my-shop.localhost", "web--my-shop.localhost"]
    )

    private func request(_ text: String) throws -> String {
        var output: [UInt8] = []
        try Array(text.utf8).withUnsafeBytes { bytes in
            let head = try #require(try RequestHead(bytes))
            let client = HeadWriter.Client(address: "127.0.0.1", port: 7878)
            HeadWriter.append(head, of: bytes, to: &output, for: route, from: client)
            // What is written is a head again, with the same framing.
            let written = try output.withUnsafeBytes { try RequestHead($0) }
            #expect(written?.framing == head.framing && written?.end == output.count)
            #expect(written?.wantsUpgrade == head.wantsUpgrade)
        }
        return String(decoding: output, as: UTF8.self)
    }

    private func answer(_ text: String, isChunked: Bool = false, closes: Bool = false) throws -> String {
        var output: [UInt8] = []
        try Array(text.utf8).withUnsafeBytes { bytes in
            let head = try #require(try ResponseHead(bytes, isToHead: false))
            HeadWriter.append(head, of: bytes, to: &output, from: route, isChunked: isChunked, closes: closes)
            let written = try output.withUnsafeBytes { try ResponseHead($0, isToHead: false) }
            #expect(written?.status == head.status && written?.end == output.count)
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static let truth = """
        X-Forwarded-For: 127.0.0.1\r
        X-Forwarded-Proto: http\r
        X-Forwarded-Host: web.my-shop.localhost:7878\r
        X-Forwarded-Port: 7878\r
        Portctl-Passed: web.my-shop.localhost\r
        \r

        """

    @Test func requestArrivesAsItWasSent() throws {
        let text = """
            GET /a?b=%20 HTTP/1.1\r
            Host: web.my-shop.localhost:7878\r
            Cookie: a=b; c="d"\r
            origin:http://x\r
            X-Odd:  two  spaces \r
            Accept: */*\r
            Accept: again\r

            """
        #expect(try request(text + "\r\n") == text + Self.truth)
    }

    @Test func whatBelongsToOneHopIsLeftOut() throws {
        let start = "POST / HTTP/1.1\r\nHost: web.my-shop.localhost:7878\r\nTransfer-Encoding: chunked\r\n"
        let hop = """
            Connection: close, X-Mine\r
            X-Mine: 1\r
            Keep-Alive: timeout=5\r
            Proxy-Connection: x\r
            Proxy-Authorization: x\r
            Upgrade: h2c\r
            TE: gzip\r

            """
        #expect(try request(start + hop + "\r\n") == start + Self.truth)
        let kept = "TE: trailers\r\nTrailer: X\r\nExpect: 100-continue\r\n"
        #expect(try request(start + kept + "\r\n") == start + kept + Self.truth)
    }

    @Test func whatTheClientSaysOfItselfIsOverwritten() throws {
        let start = "GET / HTTP/1.1\r\nHost: web.my-shop.localhost:7878\r\n"
        let lies =
            "X-Forwarded-For: 1.2.3.4\r\nx-forwarded-host: evil\r\nX-Forwarded-Prefix: /x\r\nForwarded: for=1.2.3.4\r\n"
            + "Portctl-Served-By: me\r\n"
        #expect(try request(start + lies + "\r\n") == start + Self.truth)
    }

    @Test func upgradeIsPassedOn() throws {
        let start = "GET /ws HTTP/1.1\r\nHost: web.my-shop.localhost:7878\r\n"
        let sent = start + "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n"
        let expected = start + "Upgrade: websocket\r\nSec-WebSocket-Key: x\r\nConnection: upgrade\r\n" + Self.truth
        #expect(try request(sent) == expected)
    }

    @Test func servicesThatARequestHasPassedAreKept() throws {
        let start = "GET / HTTP/1.1\r\nHost: web.my-shop.localhost:7878\r\n"
        let written = try request(start + "Portctl-Passed: api.shop.localhost\r\n\r\n")
        #expect(written.contains("Portctl-Passed: api.shop.localhost, web.my-shop.localhost\r\n"))
    }

    @Test func answerSaysWhoServedIt() throws {
        let text = "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 5\r\n"
        let hop = "Connection: keep-alive\r\nKeep-Alive: timeout=5\r\nStrict-Transport-Security: max-age=9\r\n"
        let lie = "portctl-served-by: shop/main/other\r\n"
        let served = "Portctl-Served-By: my%20shop/main/web\r\n\r\n"
        #expect(try answer(text + hop + lie + "\r\n") == text + served)
        #expect(try answer(text + "\r\n", closes: true) == text + "Connection: close\r\n" + served)
    }

    @Test func answerOfAnOldServerIsOneOfThisProxy() throws {
        let written = try answer("HTTP/1.0 200 OK\r\nServer: x\r\n\r\n", isChunked: true)
        let own = "Transfer-Encoding: chunked\r\nPortctl-Served-By: my%20shop/main/web\r\n\r\n"
        #expect(written == "HTTP/1.1 200 OK\r\nServer: x\r\n" + own)
    }

    @Test func interimAnswersAndUpgradesStayWhatTheyAre() throws {
        let hints = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
        #expect(try answer(hints, closes: true) == hints)
        let upgrade = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
        #expect(
            try answer("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
                == upgrade + "Portctl-Served-By: my%20shop/main/web\r\n\r\n"
        )
    }

    @Test(arguments: [("a/b/c", "a/b/c"), ("\u{E4}\r\nX: y", "%C3%A4%0D%0AX:%20y"), ("100%", "100%25")])
    func identityIsEncodedForAField(_ text: String, _ expected: String) {
        #expect(HeadWriter.encoded(text) == expected)
    }
}
