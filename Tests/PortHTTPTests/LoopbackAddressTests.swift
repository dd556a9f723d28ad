import PortHTTP
import PortModel
import Testing

@Suite struct LoopbackAddressTests {
    @Test(arguments: [
        ("127.0.0.1:51234", "127.0.0.1:51234"), ("127.1.2.3:80", "127.1.2.3:80"), ("[::1]:8000", "[::1]:8000"),
        ("localhost:8000", "127.0.0.1:8000"), ("8000", "127.0.0.1:8000"), ("127.0.0.1:0", "127.0.0.1:0"),
    ])
    func loopbackAddressesAreAccepted(_ text: String, _ expected: String) throws {
        #expect(try LoopbackAddress(text).description == expected)
    }

    @Test(arguments: [
        "", ":", "0.0.0.0:80", "192.168.1.1:80", "[::]:80", "::1:80", "example.com:80", "127.0.0.1", "127.0.0.1:",
        "127.0.0.1:65536", "127.0.0.1:x", "127.0.0:80", "127.0.0.256:80", "127.0.0.1:-1", "0",
    ])
    func otherAddressesAreRefused(_ text: String) {
        #expect { try LoopbackAddress(text) } throws: { ($0 as? RegistryError)?.code == .invalidRequest }
    }
}
