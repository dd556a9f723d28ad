import PortAPI
import PortModel
import PortSystem

/// The way that is left to a process to which a sandbox denies the sockets of one kind.
package enum Sandboxed: Hashable, Sendable {
    /// Unix sockets are denied, and the home's daemon answers at this TCP address.
    case answersAt(String)
    /// Unix sockets are denied, TCP is not, and no daemon of the home answers at the usual address.
    case usesTCP
    /// TCP is denied, Unix sockets are not.
    case usesUnixSockets
    /// Neither kind reaches the daemon: both are denied, or Unix sockets are, and loopback addresses are the sandbox's.
    case nothingIsLeft

    /// Finds the way for a process that was denied a socket to `address`.
    init(_ address: ServerAddress) {
        switch address {
        case .home(let home):
            let http = ServerAddress.tcp(host: "127.0.0.1", port: Port.defaultHTTP.number)
            let client = PortClient(address: http, timeout: .seconds(1))
            do throws(ClientError) {
                let status = try client.daemon.status()
                self = status.home == home.path ? .answersAt(http.description) : .usesTCP
            } catch {
                if case .sandboxed = error {
                    self = .nothingIsLeft
                } else {
                    self = ProcessNetwork.sandboxSign == nil ? .usesTCP : .nothingIsLeft
                }
            }
        case .tcp: self = StreamSocket.canCreateUnixSocket ? .usesUnixSockets : .nothingIsLeft
        }
    }

    /// What to do about it.
    var remedy: String {
        switch self {
        case .answersAt(let address): "the daemon also answers at \(address): set PORT_SERVER_ADDR=\(address)"
        case .usesTCP:
            "set PORT_SERVER_ADDR to the http address that portctl status prints outside the sandbox, usually "
                + "127.0.0.1:\(Port.defaultHTTP)"
        case .usesUnixSockets: "unset PORT_SERVER_ADDR: Unix sockets are not denied"
        case .nothingIsLeft: "run it outside the sandbox: neither a Unix socket nor TCP leads to the daemon from here"
        }
    }
}
