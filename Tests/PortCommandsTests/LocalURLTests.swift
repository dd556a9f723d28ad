import Testing

@testable import PortCommands

/// URLs that `verify` takes.
@Suite struct LocalURLTests {
    @Test(arguments: [
        ("http://localhost:3000/path?q#f", "localhost", 3000), ("http://127.0.0.1:3000", "127.0.0.1", 3000),
        ("https://[::1]:8443/", "[::1]", 8443), ("http://localhost", "localhost", 80),
        ("https://web.shop.localhost/", "web.shop.localhost", 443), ("localhost:3000", "localhost", 3000),
        ("ws://user:secret@LOCALHOST:3000/a@b", "localhost", 3000), ("127.0.0.9:80", "127.0.0.9", 80),
    ])
    func urlOfThisMachineHasAHostAndAPort(_ text: String, _ host: String, _ port: Int) throws {
        let url = try #require(try LocalURL(text))
        #expect(url.host == host && url.port == port)
    }

    @Test(arguments: ["web", "shop/main/web", "a:b", "a:b:c", "my-app", ":3000"])
    func nameIsNoURL(_ text: String) throws {
        #expect(try LocalURL(text) == nil)
    }

    @Test(arguments: ["http://example.com:3000", "example.com:80", "ftp://localhost/", "http://localhost:70000/"])
    func urlOfAnotherMachineOrWithoutAPortIsRefused(_ text: String) {
        #expect(throws: (any Error).self) { try LocalURL(text) }
    }
}
