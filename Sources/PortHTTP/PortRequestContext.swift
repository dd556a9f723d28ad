package import Hummingbird
package import NIOCore
import PortModel
package import PortRegistry

/// The context of a request: its connection and its client.
package struct PortRequestContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    package let channel: any Channel
    /// The name of the client for the journal: `pid 4242`, or a TCP client's address. ``PeerGuard`` sets it.
    package var callerName = "unknown"
    /// As ``Caller/pid``. ``PeerGuard`` sets it.
    package var callerPID: Int32?
    /// As ``Caller/network``. ``NetworkGuard`` sets it.
    package var callerNetwork = CallerNetwork.unknown

    /// Creates the context of a request on `source`'s connection.
    package init(source: Source) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}

extension PortRequestContext {
    /// Returns the client of the request as the registry's caller.
    func caller(via face: Face) -> Caller {
        Caller(face: face, name: callerName, pid: callerPID, network: callerNetwork)
    }
}
