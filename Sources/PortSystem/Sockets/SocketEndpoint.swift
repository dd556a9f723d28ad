import Libc

/// One end of a TCP connection.
package struct SocketEndpoint: Hashable, Sendable {
    /// The address in network byte order: 4 bytes for IPv4, 16 bytes for IPv6.
    let addressBytes: [UInt8]
    /// The port in host byte order.
    let port: UInt16

    /// Creates an endpoint; `nil` unless `address` is a numeric IPv4 or IPv6 address. inet_pton(3).
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
