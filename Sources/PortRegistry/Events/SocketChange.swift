package import PortModel

#if canImport(FoundationEssentials)
    package import struct FoundationEssentials.Date
#else
    package import struct Foundation.Date
#endif

/// A listening socket that came, or sockets of a port that went.
package struct SocketChange: Sendable {
    package enum Kind: Sendable {
        case appeared(ListenerReport)
        case gone(Port)
    }

    package var kind: Kind
    package var at: Date

    package var port: Port {
        switch kind {
        case .appeared(let report): report.listener.port
        case .gone(let port): port
        }
    }
}
