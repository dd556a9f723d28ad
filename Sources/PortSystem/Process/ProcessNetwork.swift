import Libc
package import PortModel

#if os(Linux)
    import Synchronization
#endif

/// The network namespaces of processes, as far as this process may see them.
package enum ProcessNetwork {
    /// The namespace of this process; `nil` on systems without network namespaces, and without /proc.
    package static let current: NetworkNamespace? = namespace(of: "self")

    /// Returns the namespace of a process; `nil` when this process may not trace it, see ptrace(2), or it has ended.
    package static func namespace(of pid: Int32) -> NetworkNamespace? { namespace(of: "\(pid)") }

    /// Whether the process lives in the namespace of this process; `nil` when that cannot be seen. Unlike
    /// ``namespace(of:)-(Int32)`` it works for the processes of other users, and out of a user namespace.
    package static func isShared(with pid: Int32) -> Bool? {
        guard let own = tableInode(of: "self"), let other = tableInode(of: "\(pid)") else { return nil }
        return own == other
    }

    /// Whether no other process lives in the namespace of this process; `nil` when /proc does not show that. A process
    /// that hides from this user (the mount option `hidepid` of proc(5)) belongs to another user, and does not count.
    ///
    /// The processes are read up to the first neighbor, which is remembered: as long as that lives there, the next call
    /// reads no other process.
    package static var isAlone: Bool? {
        #if os(Linux)
            // The pid in the namespace of the mounted /proc, which getpid(2) need not agree with.
            guard let own = tableInode(of: "self"), let link = Directory.target(ofLink: "/proc/self"),
                let pid = Int32(link)
            else { return nil }
            func isNeighbor(_ other: Int32) -> Bool { other != pid && tableInode(of: "\(other)") == own }
            if let known = neighbor.withLock(\.self), isNeighbor(known) { return false }
            let found = ProcDirectory.first(where: isNeighbor)
            neighbor.withLock { $0 = found }
            return found == nil
        #else
            return nil
        #endif
    }

    #if os(Linux)
        /// The process that ``isAlone`` found last.
        private static let neighbor = Mutex<Int32?>(nil)
    #endif

    /// What shows that a namespace was made to shut programs off from the network of the machine.
    package enum SandboxSign: Sendable, CustomStringConvertible {
        /// Process 1 lives in another namespace. In a container it lives in the same one.
        case apartFromInit
        /// Loopback is the only network interface.
        case loopbackOnly

        package var description: String {
            switch self {
            case .apartFromInit: "process 1 lives in another one"
            case .loopbackOnly: "it has no network but loopback"
            }
        }
    }

    /// What shows that the namespace of this process is a sandbox's; `nil` when nothing does.
    package static var sandboxSign: SandboxSign? {
        #if os(Linux)
            if isShared(with: 1) == false { return .apartFromInit }
            // Only the namespace that the kernel starts with has this setting: net_core_table of the kernel's
            // net/core/sysctl_net_core.c. There, a machine without interfaces is no sandbox.
            guard current != nil, access("/proc/sys/net/core/netdev_budget", F_OK) != 0,
                let table = SmallFile.text(at: "/proc/self/net/dev")
            else { return nil }
            let interfaces = table.split(separator: "\n").dropFirst(2).compactMap {
                $0.split(separator: ":").first?.trimmingSpaces()
            }
            return interfaces == ["lo"] ? .loopbackOnly : nil
        #else
            return nil
        #endif
    }

    private static func namespace(of process: String) -> NetworkNamespace? {
        #if os(Linux)
            inode(of: "/proc/\(process)/ns/net").map(NetworkNamespace.init(inode:))
        #else
            nil
        #endif
    }

    /// Returns the inode of a table in `/proc/PID/net`, which each namespace has its own of, and which, unlike
    /// `/proc/PID/ns/net`, needs no right to trace the process.
    private static func tableInode(of process: String) -> UInt64? {
        #if os(Linux)
            inode(of: "/proc/\(process)/net/dev")
        #else
            nil
        #endif
    }

    #if os(Linux)
        private static func inode(of path: String) -> UInt64? {
            var status = stat()
            return stat(path, &status) == 0 ? UInt64(status.st_ino) : nil
        }
    #endif
}
