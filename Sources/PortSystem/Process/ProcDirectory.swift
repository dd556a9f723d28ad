#if os(Linux)
    import Libc
    import PortModel

    /// A process's directory in /proc, held open: what is read from it is about one process, or fails.
    struct ProcDirectory: ~Copyable {
        let pid: Int32
        /// Of the directory: root for a process that may not be traced.
        let userID: UInt32
        private let descriptor: FileDescriptor

        private init(pid: Int32, userID: UInt32, descriptor: consuming FileDescriptor) {
            self.pid = pid
            self.userID = userID
            self.descriptor = descriptor
        }

        /// `nil` when there is no such process.
        static func of(_ pid: Int32) -> ProcDirectory? {
            let number = open("/proc/\(pid)", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard number >= 0 else { return nil }
            let descriptor = FileDescriptor(owning: number)
            var status = stat()
            guard fstat(number, &status) == 0 else { return nil }
            return ProcDirectory(pid: pid, userID: status.st_uid, descriptor: descriptor)
        }

        /// The pids of all processes.
        static var all: [Int32] { Directory.names(in: "/proc").compactMap { Int32($0) } }

        /// The inodes of the sockets that the process has open; none when it may not be read.
        func openSockets() -> Set<UInt32> {
            let number = openat(descriptor.number, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard number >= 0, let stream = fdopendir(number) else {
                if number >= 0 { close(number) }
                return []
            }
            // The descriptor goes with the stream.
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

        /// Reads `socket:[12345]`: thousands of links a look, hence without making texts of them.
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

        /// What the kernel tells of the process; `nil` when it has ended.
        func occupier() -> Occupier? {
            guard let facts = ProcessFacts(pid: pid) else { return nil }
            let line = Self.line(above: facts)
            let workingDirectory = workingDirectory
            return Occupier(
                pid: pid,
                startTime: facts.startTime,
                name: facts.name,
                commandLine: commandLine,
                directory: workingDirectory,
                checkout: workingDirectory.flatMap { ProjectDetector().checkout(around: $0) },
                ancestors: line.ancestors,
                adoptedSince: line.adoptedSince
            )
        }

        /// Whether a process of that name takes in orphans as process 1 does: the user's systemd, WSL 2's own init and
        /// its helpers, and the small inits and shims of containers. The kernel does not tell it of a process
        /// (PR_SET_CHILD_SUBREAPER).
        private static func adopts(_ name: String) -> Bool {
            let names = [
                "systemd", "init", "SessionLeader", "tini", "dumb-init", "docker-init", "catatonit", "s6-svscan",
                "dinit", "runsvdir", "containerd-shim", "conmon",
            ]
            return names.contains(name) || name.hasPrefix("Relay(")
        }

        /// `nil` also for one that was removed: whatever is at its path now is another one.
        private var workingDirectory: String? {
            var status = stat()
            guard fstatat(descriptor.number, "cwd", &status, 0) == 0, status.st_nlink > 0 else { return nil }
            return Directory.target(ofLink: "/proc/\(pid)/cwd")
        }

        private var commandLine: [String] {
            // Arguments may be a megabyte; people read the first few.
            let bytes = SmallFile.beginning(of: "/proc/\(pid)/cmdline", limit: 4096)
            return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        }

        /// The processes above one, and as ``Occupier/adoptedSince``.
        private static func line(above process: ProcessFacts) -> (ancestors: [Int32], adoptedSince: Int64?) {
            var pids: [Int32] = []
            var lower = process
            var adoptedSince: Int64?
            // A parent that changes while we look could send us in circles.
            while lower.parent > 1, pids.count < 64, let facts = ProcessFacts(pid: lower.parent) {
                pids.append(lower.parent)
                if adoptedSince == nil, Self.adopts(facts.name) { adoptedSince = lower.startTime }
                lower = facts
            }
            // Without a parent that can be seen: started from outside the container.
            if adoptedSince == nil, lower.parent == 1 { adoptedSince = lower.startTime }
            return (pids, adoptedSince)
        }
    }
#endif
