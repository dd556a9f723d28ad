package import PortModel

/// The ports that sockets hold, at any local address, over IPv4 or IPv6.
package protocol HeldPorts: Sendable {
    /// Whether the answers describe the moment at which this value was created. If not, ``isHeld(_:)`` probes every
    /// port when it is called; ports of connections are probed in any case.
    var isSnapshot: Bool { get }

    /// Whether a socket on `port` keeps a server off it: one that listens, that is bound without listening yet, or that
    /// is the end of a connection.
    func isHeld(_ port: Port) -> Bool
}
