import PortModel
import Testing

@testable import PortRegistry

/// The host names of services: one service has each, and each is valid.
@Suite struct HostNameTests {
    private func identity(_ app: String, _ instance: String, _ service: String) throws -> ServiceIdentity {
        try ServiceIdentity(app: app, instance: instance, service: service)
    }

    @Test(arguments: [
        ("shop", "main", "web", "web.shop.localhost", "web--shop.localhost"),
        ("shop", "login", "web", "web.login.shop.localhost", "web--login--shop.localhost"),
        ("shop", "main", "default", "shop.localhost", "shop.localhost"),
        ("shop", "login", "default", "default.login.shop.localhost", "default--login--shop.localhost"),
        ("my-app", "default", "default", "my-app.global.localhost", "my-app--global.localhost"),
    ])
    func nameFollowsFromTheIdentity(
        _ app: String,
        _ instance: String,
        _ service: String,
        _ name: String,
        _ flat: String
    ) throws {
        let identity = try identity(app, instance, service)
        #expect(identity.hostName == name && identity.flatHostName == flat)
    }

    @Test(arguments: [
        "Shop", "a--b", "-a", "a-", "a b", "a_b", "a.b", "\u{E4}", "global", "portctl", "localhost", "xn", "@shop/web",
        String(repeating: "x", count: 41), String(repeating: "\u{1F600}", count: 128),
    ])
    func partThatIsNoLabelIsOneWithAHash(_ part: String) throws {
        let label = HostLabel(part).description
        #expect(label != part && label.utf8.count <= HostLabel.maximumPart)
        #expect(label.wholeMatch(of: /([a-z0-9]+-)*z[0-7][0-9a-v]{12}/) != nil, "\(label)")
        // What looks as if it had a hash gets one, so that nobody has another's name.
        #expect(HostLabel(label).description != label)
    }

    @Test(arguments: [
        "a", "shop", "my-app", "3000", "a1-b2", "zebra", "playgrounds-zoo", String(repeating: "x", count: 40),
    ])
    func partThatIsALabelStaysAsItIs(_ part: String) { #expect(HostLabel(part).description == part) }

    @Test func longFlatNameIsCutAndKeepsAHashOfTheWhole() throws {
        let part = String(repeating: "x", count: 38)
        let first = try identity("\(part)a", "\(part)c", "web").flatHostName
        let second = try identity("\(part)b", "\(part)c", "web").flatHostName
        #expect(first != second && first.hasPrefix("web-xxx") && first.hasSuffix(".localhost"))
        #expect(first.utf8.count <= 63 + ".localhost".utf8.count)
    }

    /// Whether each name is valid, and of one identity only.
    private func check(_ identities: some Sequence<ServiceIdentity>) {
        var owners: [String: ServiceIdentity] = [ServiceIdentity.dashboardHostName: .unnamed]
        for identity in identities {
            for name in Set([identity.hostName, identity.flatHostName]) {
                if let owner = owners.updateValue(identity, forKey: name), owner != identity {
                    Issue.record("\(name) is that of \(owner) and \(identity)")
                }
                if !isValid(name) { Issue.record("\(name)") }
            }
        }
    }

    /// Whether the name is at most three labels of letters, digits and hyphens before the domain, none of them encoded.
    private func isValid(_ name: String) -> Bool {
        let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let hyphen = UInt8(ascii: "-")
        return labels.count <= 4 && name.hasSuffix(".localhost")
            && labels.allSatisfy { label in
                (1...63).contains(label.count) && label.first != hyphen && label.last != hyphen
                    && !label.starts(with: "xn--".utf8)
                    && label.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == hyphen }
            }
    }

    private static let parts = [
        "default", "main", "global", "portctl", "a", "A", "a-b", "a--b", "b", "\u{E4}", "localhost", "xn",
        String(repeating: "q", count: 90),
    ]

    @Test func noTwoIdentitiesOfDifficultPartsShareAName() throws {
        var identities: [ServiceIdentity] = []
        for app in Self.parts {
            for instance in Self.parts {
                for service in Self.parts { identities.append(try identity(app, instance, service)) }
            }
        }
        check(identities)
        check(identities.reversed())
    }

    @Test func noTwoOfManyRandomIdentitiesShareAName() throws {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array("ab-A_.z0\u{E4} /")
        let some = ["main", "default", "web"]
        func part() -> String {
            if Bool.random(using: &random) { return some.randomElement(using: &random)! }
            let letters = (0...Int.random(in: 1...12, using: &random)).map { _ in
                alphabet.randomElement(using: &random)!
            }
            return "x" + String(letters) + "y"
        }
        check(Set(try (0..<100_000).map { _ in try identity(part(), part(), part()) }))
    }

    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            String(repeating: "a", count: 1000),
            "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"
        ),
    ])
    func hashIsThatOfTheStandard(_ text: String, _ expected: String) {
        let digits = SHA256.hash(Array(text.utf8)).map { byte in
            [byte >> 4, byte & 15].map { String($0, radix: 16) }.joined()
        }
        #expect(digits.joined() == expected)
    }
}
