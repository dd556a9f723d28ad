package import PortModel

/// Which ports sockets held at one moment, at any local address, over IPv4 or IPv6.
package struct SocketSnapshot: Sendable {
    /// Known to be held.
    private let held: PortSet
    /// Whether `held` lacks sockets that are bound but do not listen, so that the others must be tried one by one.
    private let needsProbe: Bool

    init(held: PortSet, needsProbe: Bool) {
        self.held = held
        self.needsProbe = needsProbe
    }

    /// Whether ``isHeld(_:)`` says what was the case at ``take()``, and does not try ports now.
    package var isSnapshot: Bool { !needsProbe }

    /// Whether a socket listens on `port` or is bound to it without listening.
    package func isHeld(_ port: Port) -> Bool {
        held.contains(port) || (needsProbe && BindProbe.isHeld(port))
    }

    /// Takes a snapshot. Reads the kernel's table, which touches no socket; only where the kernel does not show sockets
    /// that are bound without listening does ``isHeld(_:)`` try to bind.
    package static func take() -> SocketSnapshot {
        #if os(Linux)
            if SocketDiagnostics.showsBoundSockets, let held = try? SocketDiagnostics.localPorts(.listening, .bound) {
                return SocketSnapshot(held: held, needsProbe: false)
            }
            // An older kernel, or a sandbox without netlink: the probe alone is right, the table only spares it work.
            return SocketSnapshot(held: (try? SocketDiagnostics.localPorts(.listening)) ?? PortSet(), needsProbe: true)
        #else
            return SocketSnapshot(held: PortSet(), needsProbe: true)
        #endif
    }
}
