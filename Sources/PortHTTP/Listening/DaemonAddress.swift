import HummingbirdCore

/// An address that the daemon serves.
package enum DaemonAddress: Hashable, Sendable, CustomStringConvertible {
    /// The Unix socket, for the commands.
    case socket(path: String)
    /// A loopback address, for curl and browsers.
    case tcp(LoopbackAddress)

    /// Connections beyond it wait in the kernel's queue (docs/promises.md, 19).
    var maximumConnections: Int {
        switch self {
        case .socket: 1024
        case .tcp: 256
        }
    }

    /// The address as NIO binds it.
    var bindAddress: BindAddress {
        switch self {
        case .socket(let path): .unixDomainSocket(path: path)
        case .tcp(let address): .hostname(address.host, port: Int(address.port))
        }
    }

    package var description: String {
        switch self {
        case .socket: "the socket"
        case .tcp(let address): address.description
        }
    }
}
