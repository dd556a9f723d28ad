#if os(Linux)
    import Libc

    /// Finds the processes that have sockets open, and caches the open sockets of each process.
    ///
    /// The kernel shows the sockets of a process only as links of its open descriptors; reading all of them takes 40 ms
    /// for 500 processes with 20,000 descriptors. The cached sockets of a process stay valid while its number of
    /// descriptors does not change, which one stat(2) of `/proc/PID/fd` shows since Linux 6.2; older kernels do not
    /// report the number, and every query reads everything. A socket that was never queried is searched for in all
    /// processes.
    ///
    /// A process that the cache names is read again, so a wrong process is never returned. A holder can be missed only
    /// if it received a socket that was queried before and closed exactly one other descriptor; callers that must be
    /// certain pass `fresh: true`.
    struct SocketHolders {
        private struct Process {
            var userID: UInt32
            /// The number of open descriptors, at least 1.
            var descriptorCount: Int
            var sockets: Set<UInt32>
        }

        private var processes: [Int32: Process] = [:]
        /// The sockets that all processes have been searched for.
        private var searched: Set<UInt32> = []

        /// Returns the processes of `users`, or of all users for `nil`, that have some of the sockets `inodes` open, by
        /// pid, with those sockets.
        /// With `fresh` set, the cache is not used.
        mutating func holders(of inodes: Set<UInt32>, ofUsers users: Set<UInt32>?, fresh: Bool) -> [Int32: Set<UInt32>]
        {
            var found: [Int32: Set<UInt32>] = [:]
            var kept: [Int32: Process] = [:]
            var unread: [Int32] = []
            for pid in ProcDirectory.all {
                guard let (userID, descriptorCount) = Self.descriptors(of: pid) else { continue }
                var process = processes[pid]
                if process?.userID != userID || process?.descriptorCount != descriptorCount { process = nil }
                guard users?.contains(userID) ?? true else {
                    kept[pid] = process
                    continue
                }
                if !fresh, let process, process.sockets.isDisjoint(with: inodes) {
                    kept[pid] = process
                    unread.append(pid)
                    continue
                }
                read(pid, userID, descriptorCount, inodes, &kept, &found)
            }
            if !unread.isEmpty, !inodes.isSubset(of: searched) {
                for pid in unread {
                    guard let (userID, descriptorCount) = Self.descriptors(of: pid) else { continue }
                    read(pid, userID, descriptorCount, inodes, &kept, &found)
                }
            }
            searched.formUnion(inodes)
            // Sockets come and go for as long as the daemon runs: limit the memory for them.
            if searched.count > 4096 { searched = inodes }
            processes = kept
            return found
        }

        /// Reads the open sockets of a process, and enters it into the new cache and into the result.
        private func read(
            _ pid: Int32,
            _ userID: UInt32,
            _ descriptorCount: Int,
            _ inodes: Set<UInt32>,
            _ kept: inout [Int32: Process],
            _ found: inout [Int32: Set<UInt32>]
        ) {
            guard let sockets = ProcDirectory(pid: pid)?.openSockets() else { return }
            kept[pid] =
                descriptorCount > 0
                ? Process(userID: userID, descriptorCount: descriptorCount, sockets: sockets) : nil
            let open = sockets.intersection(inodes)
            if !open.isEmpty { found[pid] = open }
        }

        /// Returns the user id of a process and the number of its open descriptors, which is 0 before Linux 6.2; `nil`
        /// when there is no such process.
        private static func descriptors(of pid: Int32) -> (userID: UInt32, count: Int)? {
            var status = stat()
            guard stat("/proc/\(pid)/fd", &status) == 0 else { return nil }
            return (status.st_uid, Int(status.st_size))
        }
    }
#endif
