#if os(Linux)
    internal import PortModel

    #if canImport(Glibc)
        internal import Glibc
    #else
        internal import Musl
    #endif

    /// A process's folder in /proc, held open: what is read from it is about one process, or fails.
    struct ProcessFolder: ~Copyable {
        let pid: Int32
        /// Of the folder: root for a process that may not be traced.
        let userID: UInt32
        private let descriptor: FileDescriptor

        private init(pid: Int32, userID: UInt32, descriptor: consuming FileDescriptor) {
            self.pid = pid
            self.userID = userID
            self.descriptor = descriptor
        }

        /// `nil` when there is no such process.
        static func of(_ pid: Int32) -> ProcessFolder? {
            let number = open("/proc/\(pid)", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard number >= 0 else { return nil }
            let descriptor = FileDescriptor(owning: number)
            var status = stat()
            guard fstat(number, &status) == 0 else { return nil }
            return ProcessFolder(pid: pid, userID: status.st_uid, descriptor: descriptor)
        }

        /// The pids of all processes.
        static var all: [Int32] { Folder.names(in: "/proc").compactMap { Int32($0) } }

        /// Which of the sockets the process has open; none when it may not be read.
        func openSockets(among inodes: Set<UInt32>) -> Set<UInt32> {
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
                    if let inode = Self.socketInode(UnsafeRawBufferPointer(buffer).prefix(max(count, 0))),
                        inodes.contains(inode)
                    {
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
            return Occupier(
                pid: pid,
                startTime: facts.startTime,
                name: facts.name,
                commandLine: commandLine,
                folder: Folder.target(ofLink: "/proc/\(pid)/cwd"),
                ancestors: Self.ancestors(from: facts.parent)
            )
        }

        private var commandLine: [String] {
            // Arguments may be a megabyte; people read the first few.
            let bytes = SmallFile.beginning(of: "/proc/\(pid)/cmdline", limit: 4096)
            return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
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
    }
#endif
