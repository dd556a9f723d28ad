package import PortModel

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Who listens: the kernel's sockets, and the processes that have them open.
package enum ListenerTable {
    /// The listening sockets on `ports`, by port and address; all of them for `nil`. Only what the kernel shows this
    /// user: of other users' sockets no process.
    package static func listeners(on ports: Set<Port>? = nil) -> [Listener] {
        #if os(Linux)
            guard ports?.isEmpty != true, let all = try? SocketDiagnostics.listeners() else { return [] }
            let wanted = all.filter { ports?.contains($0.port) ?? true }
            guard !wanted.isEmpty else { return [] }
            let occupiers = occupiers(of: wanted)
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
            // proc_pidinfo(PROC_PIDFDSOCKETINFO) of every process is still to be written: nothing is known, and unknown
            // stays unknown.
            return []
        #endif
    }

    /// The inodes of the sockets that listen on `port`.
    package static func sockets(on port: Port) -> [UInt32] {
        #if os(Linux)
            ((try? SocketDiagnostics.listeners()) ?? []).filter { $0.port == port }.map(\.inode)
        #else
            []
        #endif
    }

    #if os(Linux)
        /// The processes that have each socket, by its inode, open.
        private static func occupiers(of listeners: [SocketDiagnostics.Listener]) -> [UInt32: [Occupier]] {
            let inodes = Set(listeners.map(\.inode))
            // A process that may not be traced seems to be root's.
            let users = Set(listeners.map(\.userID)).union([0])
            var result: [UInt32: [Occupier]] = [:]
            for pid in ProcessFolder.all {
                guard let folder = ProcessFolder.of(pid), users.contains(folder.userID) else { continue }
                let open = folder.openSockets(among: inodes)
                guard !open.isEmpty, let occupier = folder.occupier() else { continue }
                for inode in open { result[inode, default: []].append(occupier) }
            }
            return result
        }
    #endif
}
