package import PortModel

/// What is known about one port.
package struct PortInspection: Sendable {
    package let port: Port
    /// Whether a socket uses the port, whether or not the port is allocated.
    package let isInUse: Bool
    /// Whether a request for the port would be granted.
    package let availability: PortAvailability
    /// The sockets that listen on the port; empty also when the kernel does not report them.
    package let listeners: [ListenerReport]
    /// The sockets that use the port without listening on it, if none listens; empty also when the kernel does not
    /// report them.
    package let uses: [PortUse]
}
