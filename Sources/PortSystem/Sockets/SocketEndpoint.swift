import Libc

/// One end of a TCP connection.
package struct SocketEndpoint: Hashable, Sendable {
    /// Network byte order: 4 bytes for IPv4, 16 for IPv6.
    let addressBytes: [UInt8]
    let port: UInt16

    /// `nil` for an address that is neither numeric IPv4 nor IPv6.
    package init?(address: String, port: UInt16) {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, address, &bytes) == 1 {
            addressBytes = Array(bytes.prefix(4))
        } else if inet_pton(AF_INET6, address, &bytes) == 1 {
            addressBytes = bytes
        } else {
            return nil
        }
        self.port = port
    }
}
