package import PortModel

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Who listens: the kernel's sockets, and the processes that have them open.
package enum OccupierSearch {
    /// Who listens on each of `ports`; a port that nobody listens on is left out. Only what the kernel shows this user.
    package static func occupancies(of ports: [Port]) -> [Port: Occupancy] {
        #if os(Linux)
            let wanted = Set(ports)
            guard !wanted.isEmpty, let all = try? SocketDiagnostics.listeners() else { return [:] }
            let listeners = all.filter { wanted.contains($0.port) }
            guard !listeners.isEmpty else { return [:] }
            let holders = holders(of: listeners)
            var result: [Port: Occupancy] = [:]
            for listener in listeners {
                let found = holders[listener.inode] ?? []
                var occupancy = result[listener.port] ?? Occupancy(occupiers: [], isComplete: true)
                occupancy.isComplete = occupancy.isComplete && !found.isEmpty
                for occupier in found where !occupancy.occupiers.contains(occupier) {
                    occupancy.occupiers.append(occupier)
                }
                result[listener.port] = occupancy
            }
            return result
        #else
            // Nothing is known of them yet, and unknown stays unknown.
            return [:]
        #endif
    }

    #if os(Linux)
        /// The processes that have each socket, by its inode, open.
        private static func holders(of listeners: [SocketDiagnostics.Listener]) -> [UInt32: [Occupier]] {
            let inodes = Set(listeners.map(\.inode))
            // A process that may not be traced seems to be root's.
            let users = Set(listeners.map(\.userID)).union([0])
            var result: [UInt32: [Occupier]] = [:]
            for name in Folder.names(in: "/proc") {
                guard let pid = Int32(name), users.contains(Folder.owner(of: "/proc/\(pid)") ?? .max) else { continue }
                let open = Set(Folder.links(in: "/proc/\(pid)/fd").compactMap(socketInode)).intersection(inodes)
                guard !open.isEmpty, let facts = ProcessFacts(pid: pid) else { continue }
                let occupier = Occupier(
                    pid: pid,
                    name: facts.name,
                    folder: Folder.target(ofLink: "/proc/\(pid)/cwd"),
                    ancestors: ancestors(from: facts.parent)
                )
                for inode in open { result[inode, default: []].append(occupier) }
            }
            return result
        }

        /// Reads `socket:[12345]`.
        private static func socketInode(_ link: String) -> UInt32? {
            guard link.hasPrefix("socket:["), link.hasSuffix("]") else { return nil }
            return UInt32(link.dropFirst("socket:[".count).dropLast())
        }

        private static func ancestors(from parent: Int32) -> [Int32] {
            var pids: [Int32] = []
            var pid = parent
            // A parent that changes while we look could send us in circles.
            while pid > 1, pids.count < 64, let facts = ProcessFacts(pid: pid) {
                pids.append(pid)
                pid = facts.parent
            }
            return pids
        }
    #endif
}
