package import Hummingbird
package import NIOCore
import PortModel
import PortRegistry

/// What a handler knows of a request beside the request itself.
package struct PortRequestContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    package let channel: any Channel
    /// Who asks, for the journal: `pid 4242`, or the TCP client's address. Filled in by ``PeerGuard``.
    package var callerName = "unknown"
    /// As ``Caller/pid``. Filled in by ``PeerGuard``.
    package var callerPID: Int32?

    package init(source: Source) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}

extension PortRequestContext {
    /// Who sent the request, for the rules and the journal.
    func caller(via face: Face) -> Caller { Caller(face: face, name: callerName, pid: callerPID) }
}
