import Testing

@testable import PortProxy

/// Which service a request goes to, as its head alone decides.
@Suite struct RequestPolicyTests {
    private static let web = Route(
        app: "shop",
        instance: "login",
        service: "web",
        hostNames: ["web.login.shop.localhost", "web--login--shop.localhost"]
    )
    private static let api = Route(
        app: "shop",
        instance: "main",
        service: "api",
        hostNames: ["api.shop.localhost", "api--shop.localhost"]
    )
    private let policy = RequestPolicy(table: HostTable([web, api], dashboard: "portctl.localhost"))

    private func target(_ text: String) throws(Refusal) -> HostTable.Target {
        let policy = policy
        let result = Array(text.utf8).withUnsafeBytes { bytes in
            Result { () throws(Refusal) in
                let scanned = Result { () throws(Malformed) in try RequestHead(bytes) }
                let head = try scanned.mapError(Refusal.malformed).get()
                guard let head else { throw .unknownHost }
                return try policy.target(of: head, in: bytes)
            }
        }
        return try result.get()
    }

    private func get(_ host: String, _ fields: String...) -> String {
        "GET / HTTP/1.1\r\nHost: \(host)\r\n" + fields.map { "\($0)\r\n" }.joined() + "\r\n"
    }

    @Test(arguments: [
        "web.login.shop.localhost", "web.login.shop.localhost:7878", "WEB.Login.shop.LOCALHOST",
        "web--login--shop.localhost",
        "web.login.shop.localhost:80",
    ])
    func nameLeadsToItsServiceWhateverThePort(_ host: String) throws {
        #expect(try target(get(host)) == .service(Self.web))
    }

    @Test func dashboardHasItsOwnName() throws { #expect(try target(get("portctl.localhost:7878")) == .dashboard) }

    @Test(arguments: [
        "evil.com", "localhost", "localhost:7878", "127.0.0.1", "127.0.0.1:7878", "[::1]", "[::1]:7878", "0.0.0.0",
        "web.login.shop.localhost.", "web.login.shop.localhost.:80", ".web.login.shop.localhost",
        "login.shop.localhost",
        "shop.localhost", "x.web.login.shop.localhost", "web.login.shop.localhost.evil.com", "web.login.shop", "web",
        "web.login.shop.localhost:", "web.login.shop.localhost:0", "web.login.shop.localhost:65536",
        "web.login.shop.localhost:80:80", "web.login.shop.localhost:a", "web.login.shop.localhost:+80",
        "web.login.shop.localhost:000080", "xn--web.localhost", "*.shop.localhost", "portctl.localhost.",
        "web,login.shop.localhost", "web.login.shop.localhost,evil.com", "%77eb.login.shop.localhost",
    ])
    func anyOtherHostIsUnknown(_ host: String) { #expect(throws: Refusal.unknownHost) { try target(get(host)) } }

    // MARK: Pages

    private let crossSite = "Sec-Fetch-Site: cross-site"
    private let upgrade = "Connection: Upgrade\r\nUpgrade: websocket"

    @Test(arguments: [
        "http://web.login.shop.localhost:7878", "http://api.shop.localhost", "https://api--shop.localhost:7878",
    ])
    func pageOfAServiceMayReachAnother(_ origin: String) throws {
        for field in [crossSite, upgrade] {
            #expect(try target(get("api.shop.localhost", field, "Origin: \(origin)")) == .service(Self.api))
            #expect(try target(get("api.shop.localhost", field, "Referer: \(origin)/page")) == .service(Self.api))
        }
    }

    @Test(arguments: [
        "http://evil.com", "null", "http://127.0.0.1:7878", "http://localhost:7878",
        "http://web.login.shop.localhost.evil.com",
        "http://evil.com/http://web.login.shop.localhost", "http://web.login.shop.localhost@evil.com", "file://",
        "http://portctl.localhost:7878", "chrome-extension://web.login.shop.localhost", "", "web.login.shop.localhost",
    ])
    func foreignPageReachesNone(_ origin: String) {
        for field in [crossSite, upgrade] {
            #expect(throws: Refusal.foreignPage(origin: origin)) {
                try target(get("api.shop.localhost", field, "Origin: \(origin)"))
            }
            if origin != "null", !origin.isEmpty {
                #expect(throws: Refusal.foreignPage(origin: origin)) {
                    try target(get("api.shop.localhost", field, "Referer: \(origin)"))
                }
            }
        }
    }

    @Test func foreignPageMayLeadItsReaderHere() throws {
        let link = get("api.shop.localhost", crossSite, "Sec-Fetch-Mode: navigate", "Referer: http://evil.com/")
        #expect(try target(link) == .service(Self.api))
    }

    @Test func whatIsNoPageMayReachAService() throws {
        for field in ["User-Agent: curl", crossSite, upgrade, "Sec-Fetch-Site: same-origin\r\nOrigin: http://evil.com"]
        {
            #expect(try target(get("api.shop.localhost", field)) == .service(Self.api))
        }
    }

    // MARK: Loops

    @Test func requestThatComesBackIsALoop() throws {
        #expect(try target(get("api.shop.localhost", "Portctl-Passed: web.login.shop.localhost")) == .service(Self.api))
        for names in ["api.shop.localhost", "web.login.shop.localhost, api.shop.localhost"] {
            #expect(throws: Refusal.loop(Self.api)) {
                try target(get("api--shop.localhost", "Portctl-Passed: \(names)"))
            }
        }
    }
}
