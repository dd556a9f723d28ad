import Libc
package import PortModel

/// Reads the bound UDP sockets of the machine and the processes that have them open.
///
/// A connected socket counts: it keeps servers off its port, too. Those of clients are on ephemeral ports.
package enum UDPTable {
    /// Returns the sockets that are bound to `ports`, or all bound ones for `nil`, ordered by port and address, with
    /// occupiers as in ``ListenerTable/listeners(on:fresh:)``. Throws ENOENT when the kernel shows no table.
    package static func sockets(on ports: Set<Port>? = nil) throws(SystemError) -> [Listener] {
        #if os(Linux)
            guard ports?.isEmpty != true else { return [] }
            let matching = try all().filter { ports?.contains($0.port) ?? true }
            guard !matching.isEmpty else { return [] }
            let occupiers = ListenerTable.occupiers(
                of: Set(matching.map(\.inode)),
                ofUsers: Set(matching.map(\.userID)),
                fresh: false
            )
            return matching.map {
                Listener(
                    .udp,
                    port: $0.port,
                    address: $0.address,
                    userID: $0.userID,
                    inode: $0.inode,
                    occupiers: occupiers[$0.inode] ?? []
                )
            }.sorted { ($0.port, $0.address) < ($1.port, $1.address) }
        #else
            return ProcessSockets.udpSockets(on: ports)
        #endif
    }

    #if os(Linux)
        /// Returns the ports of all bound sockets. Throws like ``sockets(on:)``.
        static func ports() throws(SystemError) -> PortSet {
            do { return try SocketDiagnostics.udpPorts() } catch {
                return PortSet(try ProcNetUDP.sockets().map(\.port))
            }
        }

        private static func all() throws(SystemError) -> [SocketDiagnostics.Listener] {
            do { return try SocketDiagnostics.udpSockets() } catch { return try ProcNetUDP.sockets() }
        }
    #endif
}
