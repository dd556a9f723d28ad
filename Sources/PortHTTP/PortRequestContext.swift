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
    /// Identifies the client. ``PeerGuard`` sets it.
    var peers: (any PeerIdentification)?
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

    /// Returns what ``caller(via:)`` returns, with the processes behind a TCP connection. Finding them reads the open
    /// descriptors of the user's processes, which takes milliseconds.
    func identifiedCaller(via face: Face) async -> Caller {
        var caller = caller(via: face)
        if callerPID == nil, let peers { caller.otherPIDs = await peers.processes(behind: channel) }
        return caller
    }
}
