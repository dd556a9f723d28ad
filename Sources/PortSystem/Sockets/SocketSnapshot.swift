package import PortModel

/// The ports that sockets held at one moment, at any local address, over IPv4 or IPv6.
package struct SocketSnapshot: Sendable {
    /// The ports of sockets that the kernel's table shows as listening or bound.
    private let held: PortSet
    /// The local ports of connections. A server that sets SO_REUSEADDR can bind such a port if the connection's socket
    /// set it as well, as that of an accepted connection usually did, and otherwise not; the table does not show that.
    private let connected: PortSet
    /// Whether `held` lacks sockets that are bound without listening, so that all other ports must be probed.
    private let needsProbe: Bool
    private let transport: TransportProtocol

    init(
        of transport: TransportProtocol = .tcp,
        held: PortSet,
        connected: PortSet = PortSet(),
        needsProbe: Bool
    ) {
        self.transport = transport
        self.held = held
        self.connected = connected
        self.needsProbe = needsProbe
    }

    /// Whether ``isHeld(_:)`` returns the state at the time of ``take()``, and probes no ports when it is called, apart
    /// from local ports of connections.
    package var isSnapshot: Bool { !needsProbe }

    /// Whether a socket on `port` keeps a server off it: one that listens, that is bound without listening, or that is
    /// the end of a connection.
    package func isHeld(_ port: Port) -> Bool {
        // Probing the port of a connection disturbs no starting server: one without SO_REUSEADDR cannot bind it anyway.
        held.contains(port) || ((needsProbe || connected.contains(port)) && BindProbe.isHeld(port, transport))
    }

    /// Takes a snapshot of the TCP sockets. Reads the kernel's table, which does not affect any socket. Only where the
    /// table does not show sockets that are bound without listening, ``isHeld(_:)`` binds a probe for every port.
    package static func take() -> SocketSnapshot {
        #if os(Linux)
            if SocketDiagnostics.showsBoundSockets, let used = try? SocketDiagnostics.usedPorts() {
                return SocketSnapshot(held: used.held, connected: used.connected, needsProbe: false)
            }
            // A kernel before 6.8, or a sandbox without netlink. The probe is correct without a table; the table of
            // listening sockets saves probes.
            return SocketSnapshot(held: (try? SocketDiagnostics.localPorts(.listening)) ?? PortSet(), needsProbe: true)
        #else
            return SocketSnapshot(held: PortSet(), needsProbe: true)
        #endif
    }

    /// Takes a snapshot of the UDP sockets that are bound, in a tenth of the time that ``take()`` needs. Only where the
    /// kernel shows no table, ``isHeld(_:)`` binds a probe for every port.
    package static func takeUDP() -> SocketSnapshot {
        #if os(Linux)
            if let ports = try? UDPTable.ports() { return SocketSnapshot(of: .udp, held: ports, needsProbe: false) }
        #endif
        return SocketSnapshot(of: .udp, held: PortSet(), needsProbe: true)
    }
}
