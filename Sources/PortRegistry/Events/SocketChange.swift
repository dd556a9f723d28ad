package import PortModel

#if canImport(FoundationEssentials)
    package import struct FoundationEssentials.Date
#else
    package import struct Foundation.Date
#endif

/// A listening socket that was opened, or a port on which at least one listening socket was closed.
package struct SocketChange: Sendable {
    /// What has changed.
    package enum Kind: Sendable {
        /// A socket listens.
        case appeared(ListenerReport)
        /// A socket of the port was closed.
        case gone(Port)
    }

    package var kind: Kind
    /// When the change was detected.
    package var at: Date

    /// The port of the sockets.
    package var port: Port {
        switch kind {
        case .appeared(let report): report.listener.port
        case .gone(let port): port
        }
    }
}
