package import PortModel

/// The ports that sockets hold, at any local address, over IPv4 or IPv6.
package protocol HeldPorts: Sendable {
    /// Whether every answer describes the moment at which this value was created. If not, ``isHeld(_:)`` probes some
    /// ports when it is called.
    var isSnapshot: Bool { get }

    /// Whether a socket listens on `port`, or is bound to it without listening yet.
    func isHeld(_ port: Port) -> Bool
}
