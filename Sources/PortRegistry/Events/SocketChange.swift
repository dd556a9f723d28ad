import PortModel

/// A listening socket that was opened, or a port on which at least one listening socket was closed.
struct SocketChange: Sendable {
    /// What has changed.
    enum Kind: Sendable {
        /// A socket listens.
        case appeared(ListenerReport)
        /// A socket of the port was closed.
        case gone(Port)
    }

    var kind: Kind
    /// When the change was detected.
    var at: Timestamp

    /// The port of the sockets.
    var port: Port {
        switch kind {
        case .appeared(let report): report.listener.port
        case .gone(let port): port
        }
    }
}
