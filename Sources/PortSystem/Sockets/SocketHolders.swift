#if os(Linux)
    import Libc

    /// Which processes have which sockets open. The kernel tells it only by the links of every open file: 40 ms for
    /// 500 processes with 20,000 files. So what a process had open is kept for as long as it has as many files open,
    /// which is one query to the kernel (Linux 6.2; before, every look reads everything). A socket that was never
    /// asked for is looked for everywhere.
    ///
    /// A process that is found is read again, so nobody is named wrongly. One could be missing only if it was handed a
    /// socket that was asked for before, and closed exactly one other file; who must be sure looks anew.
    struct SocketHolders {
        private struct Process {
            var userID: UInt32
            /// At least 1.
            var fileCount: Int
            var sockets: Set<UInt32>
        }

        private var processes: [Int32: Process] = [:]
        /// Sockets for which every process was read once.
        private var known: Set<UInt32> = []

        /// The processes of `users` that have some of the sockets open, by pid, with those sockets.
        mutating func holders(of inodes: Set<UInt32>, ofUsers users: Set<UInt32>, fresh: Bool) -> [Int32: Set<UInt32>] {
            var found: [Int32: Set<UInt32>] = [:]
            var kept: [Int32: Process] = [:]
            var unread: [Int32] = []
            for pid in ProcDirectory.all {
                guard let (userID, fileCount) = Self.files(of: pid) else { continue }
                var process = processes[pid]
                if process?.userID != userID || process?.fileCount != fileCount { process = nil }
                guard users.contains(userID) else {
                    kept[pid] = process
                    continue
                }
                if !fresh, let process, process.sockets.isDisjoint(with: inodes) {
                    kept[pid] = process
                    unread.append(pid)
                    continue
                }
                read(pid, userID, fileCount, inodes, &kept, &found)
            }
            if !unread.isEmpty, !inodes.isSubset(of: known) {
                for pid in unread {
                    guard let (userID, fileCount) = Self.files(of: pid) else { continue }
                    read(pid, userID, fileCount, inodes, &kept, &found)
                }
            }
            known.formUnion(inodes)
            // Sockets come and go for years.
            if known.count > 4096 { known = inodes }
            processes = kept
            return found
        }

        private func read(
            _ pid: Int32,
            _ userID: UInt32,
            _ fileCount: Int,
            _ inodes: Set<UInt32>,
            _ kept: inout [Int32: Process],
            _ found: inout [Int32: Set<UInt32>]
        ) {
            guard let sockets = ProcDirectory.of(pid)?.openSockets() else { return }
            kept[pid] = fileCount > 0 ? Process(userID: userID, fileCount: fileCount, sockets: sockets) : nil
            let open = sockets.intersection(inodes)
            if !open.isEmpty { found[pid] = open }
        }

        /// Whose process it is, and how many files it has open; 0 where the kernel does not tell.
        private static func files(of pid: Int32) -> (userID: UInt32, count: Int)? {
            var status = stat()
            guard stat("/proc/\(pid)/fd", &status) == 0 else { return nil }
            return (status.st_uid, Int(status.st_size))
        }
    }
#endif
