import Libc
package import PortModel
import Synchronization

/// Reads the listening TCP sockets of the machine and the processes that have them open.
package enum ListenerTable {
    /// Returns the listening sockets on `ports`, or all of them for `nil`, ordered by port and address. A socket has no
    /// occupiers when the kernel does not show its processes to this user, as for the sockets of other users. With
    /// `fresh` set, the descriptors of all processes are read again; see ``SocketHolders``. Throws the error of
    /// netlink(7); then nothing is known about the listeners.
    package static func listeners(
        on ports: Set<Port>? = nil,
        fresh: Bool = false
    ) throws(SystemError) -> [Listener] {
        #if os(Linux)
            guard ports?.isEmpty != true else { return [] }
            let matching = try SocketDiagnostics.listeners().filter { ports?.contains($0.port) ?? true }
            guard !matching.isEmpty else { return [] }
            let occupiers = occupiers(
                of: Set(matching.map(\.inode)),
                ofUsers: Set(matching.map(\.userID)),
                fresh: fresh
            )
            return matching.map {
                Listener(
                    port: $0.port,
                    address: $0.address,
                    isIPv6Only: $0.isIPv6Only,
                    userID: $0.userID,
                    inode: $0.inode,
                    occupiers: occupiers[$0.inode] ?? []
                )
            }.sorted { ($0.port, $0.address) < ($1.port, $1.address) }
        #else
            return ProcessSockets.listeners(on: ports)
        #endif
    }

    /// Returns the ports of all listening sockets by the inode of the socket. Throws like ``listeners(on:fresh:)``.
    package static func sockets() throws(SystemError) -> [UInt32: Port] {
        #if os(Linux)
            return Dictionary(try SocketDiagnostics.listeners().map { ($0.inode, $0.port) }) { first, _ in first }
        #else
            return ProcessSockets.sockets()
        #endif
    }

    /// Returns the inodes of the sockets that listen on `port`. Throws like ``listeners(on:fresh:)``.
    package static func sockets(on port: Port) throws(SystemError) -> [UInt32] {
        #if os(Linux)
            try SocketDiagnostics.listeners().filter { $0.port == port }.map(\.inode)
        #else
            ProcessSockets.sockets(on: port)
        #endif
    }

    /// Returns the sockets that use `port` without listening on it. On macOS, where finding them is not implemented,
    /// none. Throws like ``listeners(on:fresh:)``.
    package static func uses(of port: Port) throws(SystemError) -> [PortUse] {
        #if os(Linux)
            let sockets = try SocketDiagnostics.idleSockets(on: port)
            guard !sockets.isEmpty else { return [] }
            let open = sockets.filter { $0.inode != 0 }
            let occupiers = occupiers(of: Set(open.map(\.inode)), ofUsers: Set(open.map(\.userID)), fresh: false)
            return sockets.map { socket in
                PortUse(
                    address: socket.address,
                    peer: socket.peer.map {
                        $0.address.contains(":") ? "[\($0.address)]:\($0.port)" : "\($0.address):\($0.port)"
                    },
                    userID: socket.inode == 0 ? nil : socket.userID,
                    occupiers: occupiers[socket.inode] ?? []
                )
            }
        #else
            return []
        #endif
    }

    #if os(Linux)
        /// The open sockets of all processes, as last read. The machine is the same for all callers, so they share it.
        private static let holders = Mutex(SocketHolders())

        /// Returns the pids of the processes that have the socket `inode` of `user` open.
        static func processes(holding inode: UInt32, ofUser user: UInt32) -> [Int32] {
            let found = holders.withLock { $0.holders(of: [inode], ofUsers: [user, 0], fresh: true) }
            return found.keys.sorted()
        }

        /// Returns the processes that have the sockets `inodes` open, which `users` made, by the inode of the socket.
        static func occupiers(
            of inodes: Set<UInt32>,
            ofUsers users: Set<UInt32>,
            fresh: Bool
        ) -> [UInt32: [Occupier]] {
            // The /proc directory of a process that may not be traced belongs to root. This user's own processes may
            // have a socket that another user made: root for a service that runs as this user.
            let likely = users.union([0, CurrentProcess.userID])
            let found = holders.withLock { holders in
                var found = holders.holders(of: inodes, ofUsers: likely, fresh: fresh)
                // Only root can read the others.
                let missing = inodes.subtracting(found.values.reduce(into: []) { $0.formUnion($1) })
                if CurrentProcess.userID == 0, !missing.isEmpty {
                    found.merge(holders.holders(of: missing, ofUsers: nil, fresh: fresh)) { $0.union($1) }
                }
                return found
            }
            var result: [UInt32: [Occupier]] = [:]
            let readings = ProcessStat.Readings()
            for (pid, sockets) in found {
                guard let occupier = ProcDirectory(pid: pid, readings: readings)?.occupier() else { continue }
                for inode in sockets { result[inode, default: []].append(occupier) }
            }
            return result
        }
    #endif
}
