#if os(Linux)
    import Libc
    import PortModel

    /// An open descriptor of the directory `/proc/PID`. Reads relative to it concern one process: they fail when the
    /// process has ended, even if its pid has been reused.
    struct ProcDirectory: ~Copyable {
        let pid: Int32
        /// The effective user id of the process. Unlike the directory, its files belong to root if not traceable.
        let userID: UInt32
        let descriptor: FileDescriptor
        /// Where the ancestors of the process are read from.
        private let readings: ProcessStat.Readings

        /// Opens the directory; `nil` when there is no such process. Directories that are opened to answer one question
        /// share their `readings`.
        init?(pid: Int32, readings: ProcessStat.Readings = .init()) {
            let number = open("/proc/\(pid)", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard number >= 0 else { return nil }
            let descriptor = FileDescriptor(owning: number)
            var status = stat()
            guard fstat(number, &status) == 0 else { return nil }
            self.pid = pid
            self.userID = status.st_uid
            self.descriptor = descriptor
            self.readings = readings
        }

        /// Returns the inodes of the sockets that the process has open; none when its descriptors may not be read.
        func openSockets() -> Set<UInt32> {
            let number = openat(descriptor.number, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard number >= 0, let stream = fdopendir(number) else {
                if number >= 0 { close(number) }
                return []
            }
            // closedir(3) also closes the descriptor.
            defer { closedir(stream) }
            var found: Set<UInt32> = []
            withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
                while let entry = readdir(stream) {
                    let count = withUnsafePointer(to: &entry.pointee.d_name) {
                        $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
                            readlinkat(number, $0, buffer.baseAddress!, buffer.count)
                        }
                    }
                    if let inode = Self.socketInode(UnsafeRawBufferPointer(buffer).prefix(max(count, 0))) {
                        found.insert(inode)
                    }
                }
            }
            return found
        }

        /// Parses `socket:[12345]`. Works on bytes, because a snapshot reads thousands of links.
        private static func socketInode(_ link: Slice<UnsafeRawBufferPointer>) -> UInt32? {
            let prefix = "socket:[".utf8
            guard link.starts(with: prefix), link.last == UInt8(ascii: "]") else { return nil }
            var inode: UInt32 = 0
            for byte in link.dropFirst(prefix.count).dropLast() {
                let (tens, isTooLarge) = inode.multipliedReportingOverflow(by: 10)
                guard (0x30...0x39).contains(byte), !isTooLarge else { return nil }
                inode = tens &+ UInt32(byte - 0x30)
            }
            return inode
        }

        /// Reads the process as an occupier; `nil` when it has ended.
        func occupier() -> Occupier? {
            guard let facts = readStat() else { return nil }
            let ancestry = ancestry(of: facts)
            let workingDirectory = workingDirectory
            return Occupier(
                pid: pid,
                startTime: facts.startTime,
                age: ProcessStart.age(of: facts.startTime),
                name: facts.name,
                commandLine: commandLine,
                directory: workingDirectory,
                removedDirectory: removedDirectory,
                mark: ServiceMark.ofProcess(self, facts),
                ancestors: ancestry.ancestors,
                parent: parent(of: facts),
                isStopped: facts.isStopped,
                adoptedSince: ancestry.adoptedSince
            )
        }

        /// Whether a process with this name adopts orphans as process 1 does: the user's systemd, the init of WSL 2 and
        /// its helpers, and the init programs and shims of containers. The kernel does not show which processes are
        /// subreapers (PR_SET_CHILD_SUBREAPER of prctl(2)).
        private static func isSubreaper(_ name: String) -> Bool {
            let names = [
                "systemd", "init", "SessionLeader", "tini", "dumb-init", "docker-init", "catatonit", "s6-svscan",
                "dinit", "runsvdir", "containerd-shim", "conmon",
            ]
            return names.contains(name) || name.hasPrefix("Relay(")
        }

        /// The working directory; also `nil` for one that was removed, because another may exist at its path now.
        private var workingDirectory: String? {
            var status = stat()
            guard fstatat(descriptor.number, "cwd", &status, 0) == 0, status.st_nlink > 0 else { return nil }
            return Directory.target(ofLink: "/proc/\(pid)/cwd")
        }

        /// The path of a working directory that was removed; `nil` unless it was. The kernel appends " (deleted)".
        private var removedDirectory: String? {
            var status = stat()
            guard fstatat(descriptor.number, "cwd", &status, 0) == 0, status.st_nlink == 0,
                let path = Directory.target(ofLink: "/proc/\(pid)/cwd")
            else { return nil }
            return path.hasSuffix(" (deleted)") ? String(path.dropLast(" (deleted)".count)) : path
        }

        /// With its secrets, which ``Occupier`` leaves out.
        private var commandLine: [String] {
            // Arguments can be a megabyte long; the first 4 KB are enough to recognize the command.
            let bytes = SmallFile.beginning(of: "/proc/\(pid)/cmdline", limit: 4096)
            return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        }

        /// Returns ``Occupier/ancestors`` and ``Occupier/adoptedSince`` of `process`.
        private func ancestry(of process: ProcessStat) -> (ancestors: [Int32], adoptedSince: Int64?) {
            var pids: [Int32] = []
            var lower = process
            var adoptedSince: Int64?
            // The limit ends the walk if parents change during it and form a cycle.
            while lower.parent > 1, pids.count < 64, let facts = readings.stat(of: lower.parent) {
                pids.append(lower.parent)
                if adoptedSince == nil, Self.isSubreaper(facts.name) { adoptedSince = lower.startTime }
                lower = facts
            }
            // A process without a visible parent was started from outside the container; it was not adopted.
            if adoptedSince == nil, lower.parent == 1 { adoptedSince = lower.startTime }
            return (pids, adoptedSince)
        }

        /// Returns the parent of `process`; `nil` when it cannot be seen, or is process 1.
        private func parent(of process: ProcessStat) -> ParentProcess? {
            guard process.parent > 1, let facts = readings.stat(of: process.parent) else { return nil }
            return ParentProcess(
                pid: process.parent,
                startTime: facts.startTime,
                name: facts.name,
                isBystander: facts.session == process.parent || Self.isSubreaper(facts.name)
            )
        }
    }
#endif
