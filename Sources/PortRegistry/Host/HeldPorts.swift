package import PortModel

/// The ports that sockets hold, at any local address, over IPv4 or IPv6.
package protocol HeldPorts: Sendable {
    /// Whether every answer is of the moment at which this value was made. If not, some ports are probed in each call
    /// of ``isHeld(_:)``.
    var isSnapshot: Bool { get }

    /// Whether a socket listens on `port`, or is bound to it without listening yet.
    func isHeld(_ port: Port) -> Bool
}
