import PortAPI

extension ListenerBody {
    /// The socket's address: `127.0.0.1:3000`, `[::]:3000`.
    var endpoint: String { SocketAddress.text(address, port) }
}

extension ListenerVerdictBody {
    /// The socket's address: `127.0.0.1:3000`, `[::]:3000`.
    var endpoint: String { SocketAddress.text(address, port) }
}

/// The text of a numeric address with a port.
enum SocketAddress {
    /// Returns `127.0.0.1:3000`, and for IPv6 `[::]:3000`.
    static func text(_ address: String, _ port: Int) -> String {
        address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
    }
}
