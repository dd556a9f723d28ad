package import PortModel

/// The ports that sockets held at one moment, at any local address, over IPv4 or IPv6.
package struct SocketSnapshot: Sendable {
    /// The ports that the kernel's table lists.
    private let held: PortSet
    /// Whether `held` lacks sockets that are bound without listening, so that all other ports must be probed.
    private let needsProbe: Bool

    init(held: PortSet, needsProbe: Bool) {
        self.held = held
        self.needsProbe = needsProbe
    }

    /// Whether ``isHeld(_:)`` returns the state at the time of ``take()``, and does not probe ports when it is called.
    package var isSnapshot: Bool { !needsProbe }

    /// Whether a socket listens on `port` or is bound to it without listening.
    package func isHeld(_ port: Port) -> Bool {
        held.contains(port) || (needsProbe && BindProbe.isHeld(port))
    }

    /// Takes a snapshot. Reads the kernel's table, which does not affect any socket. Only where the table does not show
    /// sockets that are bound without listening, ``isHeld(_:)`` binds a probe.
    package static func take() -> SocketSnapshot {
        #if os(Linux)
            if SocketDiagnostics.showsBoundSockets, let held = try? SocketDiagnostics.localPorts(.listening, .bound) {
                return SocketSnapshot(held: held, needsProbe: false)
            }
            // A kernel before 6.8, or a sandbox without netlink. The probe is correct without a table; the table of
            // listening sockets saves probes.
            return SocketSnapshot(held: (try? SocketDiagnostics.localPorts(.listening)) ?? PortSet(), needsProbe: true)
        #else
            return SocketSnapshot(held: PortSet(), needsProbe: true)
        #endif
    }
}
