package import PortModel
package import PortSystem

/// Where the daemon is reached.
package enum ServerAddress: Hashable, Sendable, CustomStringConvertible {
    /// The daemon of this home. Only this one is started when it is not running.
    case home(HomeDirectory)
    /// What PORT_SERVER_ADDR names.
    case tcp(host: String, port: UInt16)

    /// The daemon that the environment names: PORT_SERVER_ADDR (`127.0.0.1:51234`, `[::1]:51234`, `localhost:51234`,
    /// with or without `http://`), else the home's. Throws `invalid_request` for an address that is none.
    package static func current() throws(RegistryError) -> ServerAddress {
        guard let text = Environment.value("PORT_SERVER_ADDR") else { return .home(try HomeDirectory.current()) }
        var address = text.hasPrefix("http://") ? String(text.dropFirst("http://".count)) : text
        if address.hasSuffix("/") { address.removeLast() }
        guard let colon = address.lastIndex(of: ":"), let port = Port(address[address.index(after: colon)...]),
            colon > address.startIndex
        else {
            throw RegistryError(
                .invalidRequest,
                "PORT_SERVER_ADDR is \"\(text)\", which is no address such as 127.0.0.1:51234",
                subject: text
            )
        }
        var host = String(address[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        if host == "localhost" { host = "127.0.0.1" }
        guard StreamSocket.isNumericHost(host) else {
            throw RegistryError(
                .invalidRequest,
                "PORT_SERVER_ADDR is \"\(text)\": the host must be localhost, 127.0.0.1 or [::1], or another number",
                subject: text
            )
        }
        return .tcp(host: host, port: port.number)
    }

    package var description: String {
        switch self {
        case .home(let home): home.socketPath
        case .tcp(let host, let port): Self.authority(host: host, port: port)
        }
    }

    /// As the header Host has it.
    var host: String {
        switch self {
        case .home: "localhost"
        case .tcp(let host, let port): Self.authority(host: host, port: port)
        }
    }

    /// Never read from the home: what answers at a TCP address may be anybody.
    var token: String? {
        switch self {
        case .home: nil
        case .tcp: Environment.value("PORT_SERVER_TOKEN")
        }
    }

    static func authority(host: String, port: UInt16) -> String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
