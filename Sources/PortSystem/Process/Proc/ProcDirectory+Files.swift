#if os(Linux)
    import Libc

    extension ProcDirectory {
        /// Reads `stat`; `nil` when the process has ended.
        func readStat() -> ProcessStat? { ProcessStat(path: "stat", in: descriptor.number) }

        /// Returns the real and the effective user id; `nil` when the process has ended.
        func users() -> (real: UInt32, effective: UInt32)? {
            ProcessFacts.status(at: "status", in: descriptor.number)?.users
        }

        /// The inode of the mount namespace; `nil` when this process may not trace it, see ptrace(2).
        var mountNamespace: UInt64? {
            var status = stat()
            return fstatat(descriptor.number, "ns/mnt", &status, 0) == 0 ? UInt64(status.st_ino) : nil
        }

        /// Whether the program got rights that its caller did not have, as a set-user-ID program does: AT_SECURE of
        /// getauxval(3). `true` when that cannot be read.
        var isSecureExecution: Bool {
            withContent(of: "auxv", limit: 4096) { bytes in
                let words = bytes.bindMemory(to: UInt.self)
                let index = stride(from: 0, to: words.count - 1, by: 2).first { words[$0] == UInt(AT_SECURE) }
                return index.map { words[$0 + 1] != 0 }
            } ?? true
        }

        /// Returns what `body` makes of the first bytes of the file `name`, at most `limit`; `nil` when it cannot be
        /// read.
        func withContent<Value>(of name: String, limit: Int, _ body: (UnsafeRawBufferPointer) -> Value?) -> Value? {
            let number = openat(descriptor.number, name, O_RDONLY | O_CLOEXEC)
            guard number >= 0 else { return nil }
            let file = FileDescriptor(owning: number)
            // Memory that nothing is read into is never touched, so that a high limit costs nothing.
            return withUnsafeTemporaryAllocation(byteCount: limit, alignment: 8) { buffer in
                var count = 0
                while count < limit {
                    let more = read(file.number, buffer.baseAddress! + count, limit - count)
                    if more <= 0 { break }
                    count += more
                }
                return body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }

        /// Calls `body` with the pid of each process, in ascending order, until it returns `false`.
        static func forEachPID(_ body: (Int32) -> Bool) {
            guard let stream = opendir("/proc") else { return }
            defer { closedir(stream) }
            while let entry = readdir(stream) {
                // Without a String for each name, because there may be thousands.
                let pid = withUnsafeBytes(of: &entry.pointee.d_name) { name -> Int32? in
                    var pid: Int32 = 0
                    for byte in name {
                        if byte == 0 { return pid }
                        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                        pid = pid &* 10 &+ Int32(byte - UInt8(ascii: "0"))
                    }
                    return nil
                }
                if let pid, !body(pid) { return }
            }
        }

        /// The pids of all processes.
        static var all: [Int32] {
            var pids: [Int32] = []
            forEachPID { pid in
                pids.append(pid)
                return true
            }
            return pids
        }

        /// Returns the pid of the first process that fits; the kernel lists them in ascending order.
        static func first(where fits: (Int32) -> Bool) -> Int32? {
            var found: Int32?
            forEachPID { pid in
                if fits(pid) { found = pid }
                return found == nil
            }
            return found
        }

        /// Reads all processes for a ``ProcessTree``.
        static func processes() -> [ProcessTree.Process] {
            var processes: [ProcessTree.Process] = []
            forEachPID { pid in
                if let directory = ProcDirectory(pid: pid), let stat = directory.readStat() {
                    processes.append(
                        ProcessTree.Process(
                            pid: pid,
                            parent: stat.parent,
                            session: stat.session,
                            startTime: stat.startTime,
                            userID: directory.userID,
                            name: stat.name,
                            isZombie: stat.hasEnded
                        )
                    )
                }
                return true
            }
            return processes
        }
    }
#endif
