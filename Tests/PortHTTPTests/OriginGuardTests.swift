import Testing

@testable import PortHTTP

@Suite struct OriginGuardTests {
    private let local = OriginGuard.LocalAddress(host: "127.0.0.1", port: 51234)

    @Test(arguments: ["127.0.0.1:51234", "localhost:51234", "LOCALHOST:51234", "[::1]:51234"])
    func ownHostNamesAreAllowedWithAndWithoutTheirOrigin(_ host: String) {
        #expect(OriginGuard.allows(hosts: [host], origins: [], local: local))
        #expect(OriginGuard.allows(hosts: [host], origins: ["http://127.0.0.1:51234"], local: local))
    }

    @Test(arguments: [
        [], ["127.0.0.1"], ["127.0.0.1:51235"], ["evil.example:51234"], ["127.0.0.1.nip.io:51234"], ["0.0.0.0:51234"],
        ["2130706433:51234"], ["0x7f.1:51234"], ["127.1:51234"], ["localhost.:51234"], ["[::]:51234"],
        ["[::ffff:127.0.0.1]:51234"], ["user@127.0.0.1:51234"], ["127.0.0.1:51234 "], ["127.0.0.1:051234"],
        ["127.0.0.1:51234", "127.0.0.1:51234"], ["127.0.0.1:51234", "evil.example"],
    ])
    func everyOtherHostIsRefused(_ hosts: [String]) {
        #expect(!OriginGuard.allows(hosts: hosts, origins: [], local: local))
    }

    @Test(arguments: [
        ["null"], [""], ["http://evil.example"], ["https://127.0.0.1:51234"], ["http://127.0.0.1"],
        ["http://127.0.0.1:3000"], ["http://127.0.0.1:51234/"], ["http://127.0.0.1:51234", "http://127.0.0.1:51234"],
        ["http://127.0.0.1:51234 http://evil.example"], ["file://"],
    ])
    func everyOtherOriginIsRefused(_ origins: [String]) {
        #expect(!OriginGuard.allows(hosts: ["127.0.0.1:51234"], origins: origins, local: local))
    }

    @Test func unixSocketIgnoresHostsAndRefusesOrigins() {
        #expect(OriginGuard.allows(hosts: ["anything"], origins: [], local: nil))
        #expect(OriginGuard.allows(hosts: [], origins: [], local: nil))
        #expect(!OriginGuard.allows(hosts: ["localhost"], origins: ["http://127.0.0.1:51234"], local: nil))
    }

    @Test func otherLoopbackAddressOfTheServerIsAllowed() {
        let other = OriginGuard.LocalAddress(host: "127.0.0.9", port: 80)
        #expect(OriginGuard.allows(hosts: ["127.0.0.9:80"], origins: ["http://127.0.0.9:80"], local: other))
    }
}
