import Libc
package import PortModel
import Synchronization

/// Who listens: the kernel's sockets, and the processes that have them open.
package enum ListenerTable {
    /// The listening sockets on `ports`, by port and address; all of them for `nil`. Only what the kernel shows this
    /// user: of other users' sockets no process. `anew`: what every process has open is read, however little changed.
    /// Throws what netlink(7) says: then it is not known that nobody listens.
    package static func listeners(
        on ports: Set<Port>? = nil,
        fresh: Bool = false
    ) throws(SystemError) -> [Listener] {
        #if os(Linux)
            guard ports?.isEmpty != true else { return [] }
            let wanted = try SocketDiagnostics.listeners().filter { ports?.contains($0.port) ?? true }
            guard !wanted.isEmpty else { return [] }
            let occupiers = occupiers(of: wanted, fresh: fresh)
            return wanted.map {
                Listener(
                    port: $0.port,
                    address: $0.address,
                    userID: $0.userID,
                    inode: $0.inode,
                    occupiers: occupiers[$0.inode] ?? []
                )
            }.sorted { ($0.port, $0.address) < ($1.port, $1.address) }
        #else
            return ProcessSockets.listeners(on: ports)
        #endif
    }

    /// Every listening socket, by its inode. Throws as ``listeners(on:fresh:)``.
    package static func sockets() throws(SystemError) -> [UInt32: Port] {
        #if os(Linux)
            return Dictionary(try SocketDiagnostics.listeners().map { ($0.inode, $0.port) }) { first, _ in first }
        #else
            return ProcessSockets.sockets()
        #endif
    }

    /// The inodes of the sockets that listen on `port`. Throws as ``listeners(on:fresh:)``.
    package static func sockets(on port: Port) throws(SystemError) -> [UInt32] {
        #if os(Linux)
            try SocketDiagnostics.listeners().filter { $0.port == port }.map(\.inode)
        #else
            ProcessSockets.sockets(on: port)
        #endif
    }

    #if os(Linux)
        /// What was seen at the last look, of this machine and for the whole program.
        private static let holders = Mutex(SocketHolders())

        /// The processes that have each socket, by its inode, open.
        private static func occupiers(
            of listeners: [SocketDiagnostics.Listener],
            fresh: Bool
        ) -> [UInt32: [Occupier]] {
            let inodes = Set(listeners.map(\.inode))
            // A process that may not be traced seems to be root's.
            let users = Set(listeners.map(\.userID)).union([0])
            let found = holders.withLock { $0.holders(of: inodes, ofUsers: users, fresh: fresh) }
            var result: [UInt32: [Occupier]] = [:]
            for (pid, sockets) in found {
                guard let occupier = ProcDirectory.of(pid)?.occupier() else { continue }
                for inode in sockets { result[inode, default: []].append(occupier) }
            }
            return result
        }
    #endif
}
