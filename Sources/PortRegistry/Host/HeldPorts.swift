package import PortModel

/// Which ports sockets hold, at any local address, over IPv4 or IPv6.
package protocol HeldPorts: Sendable {
    /// Whether all answers are of the moment of the look, and none is found out when it is asked for.
    var isSnapshot: Bool { get }

    /// Whether a socket listens on `port`, or is bound to it without listening yet.
    func isHeld(_ port: Port) -> Bool
}
