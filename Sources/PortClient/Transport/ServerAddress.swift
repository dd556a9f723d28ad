import PortErrors
package import PortModel
package import PortSystem

/// The address at which the client reaches the daemon.
package enum ServerAddress: Hashable, Sendable, CustomStringConvertible {
    /// The Unix socket of this home. Only a home's daemon is started when it is not running.
    case home(HomeDirectory)
    /// A numeric IP address and a port, from PORT_SERVER_ADDR.
    case tcp(host: String, port: UInt16)

    /// The address that the environment selects: PORT_SERVER_ADDR (`127.0.0.1:51234`, `[::1]:51234` or
    /// `localhost:51234`, with or without `http://`), otherwise the home's socket. Throws `invalid_request` for a
    /// malformed address.
    package static func current() throws(RegistryError) -> ServerAddress {
        let text = try RegistryError.mapping { () throws(SystemError) in try Environment.text("PORT_SERVER_ADDR") }
        guard let text else {
            return .home(try RegistryError.mapping { () throws(SystemError) in try HomeDirectory.current() })
        }
        var address = text.hasPrefix("http://") ? String(text.dropFirst("http://".count)) : text
        if address.hasSuffix("/") { address.removeLast() }
        guard let colon = address.lastIndex(of: ":"), let port = Port(address[address.index(after: colon)...]),
            colon > address.startIndex
        else {
            throw RegistryError(
                .invalidRequest,
                "PORT_SERVER_ADDR is \"\(text)\", which is not an address such as 127.0.0.1:51234",
                subject: text
            )
        }
        var host = String(address[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        if host == "localhost" { host = "127.0.0.1" }
        guard StreamSocket.isNumericHost(host) else {
            throw RegistryError(
                .invalidRequest,
                "PORT_SERVER_ADDR is \"\(text)\": the host must be localhost or an IP address",
                subject: text
            )
        }
        return .tcp(host: host, port: port.number)
    }

    /// Whether this is a home's socket, whose daemon is started when it is not running.
    package var isHome: Bool {
        if case .home = self { true } else { false }
    }

    /// The socket's path, or `HOST:PORT`.
    package var description: String {
        switch self {
        case .home(let home): home.socketPath
        case .tcp(let host, let port): Self.authority(host: host, port: port)
        }
    }

    /// The value of the Host header.
    var host: String {
        switch self {
        case .home: "localhost"
        case .tcp(let host, let port): Self.authority(host: host, port: port)
        }
    }

    /// The bearer token to send. It comes from the environment and never from the home: any process may listen at a TCP
    /// address, and must not get the home's token.
    var token: String? {
        switch self {
        case .home: nil
        case .tcp: Environment.value("PORT_SERVER_TOKEN")
        }
    }

    /// `HOST:PORT`, with brackets around an IPv6 address.
    static func authority(host: String, port: UInt16) -> String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
