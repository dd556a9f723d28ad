package import PortModel

/// A loopback TCP address. No other address can be represented.
package struct LoopbackAddress: Hashable, Sendable, CustomStringConvertible {
    /// The numeric address, without the brackets of IPv6.
    package let host: String
    /// The port; 0 lets the kernel choose.
    package let port: UInt16

    /// Creates the address of a port on 127.0.0.1.
    package init(port: Port) {
        self.host = "127.0.0.1"
        self.port = port.number
    }

    /// Parses `127.0.0.1:51234`, any other 127.x.y.z, `[::1]:51234`, `localhost:51234`, or a port alone, which means
    /// 127.0.0.1. With an address, the port may be 0. Throws `invalid_request` for malformed and non-loopback
    /// addresses.
    package init(_ text: String) throws(RegistryError) {
        if let port = Port(text) {
            self.host = "127.0.0.1"
            self.port = port.number
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = Self.port(text[text.index(after: colon)...]) else {
            throw RegistryError(.invalidRequest, "\"\(text)\" is not an address such as 127.0.0.1:51234", subject: text)
        }
        switch text[..<colon] {
        case "localhost": host = "127.0.0.1"
        case "[::1]": host = "::1"
        case let host:
            let parts = host.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 4, parts[0] == "127", parts.allSatisfy({ UInt8($0) != nil }) else {
                throw RegistryError(
                    .invalidRequest,
                    "\"\(text)\" is not a loopback address",
                    subject: text,
                    remedies: [.advice("the daemon listens on 127.0.0.1 or [::1] only")]
                )
            }
            self.host = String(host)
        }
        self.port = port
    }

    private static func port(_ text: Substring) -> UInt16? { text == "0" ? 0 : Port(text)?.number }

    /// Returns the address with the port that the kernel chose; unchanged for `nil`.
    func bound(to port: Int?) -> LoopbackAddress {
        LoopbackAddress(host: host, port: port.flatMap { UInt16(exactly: $0) } ?? self.port)
    }

    private init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
