#if !os(Linux)
    import Darwin
    import PortModel

    /// The listening TCP sockets of macOS, found among the open descriptors of each process (libproc): the tables that
    /// name the process itself are private. The kernel shows what this user's processes have open, and to root all.
    enum ProcessSockets {
        /// The listening sockets on `ports`, by port and address; all of them for `nil`.
        static func listeners(on ports: Set<Port>?) -> [Listener] {
            guard ports?.isEmpty != true else { return [] }
            var listeners: [UInt32: Listener] = [:]
            for pid in pids {
                let sockets = listening(in: pid).filter { ports?.contains($0.port) ?? true }
                guard !sockets.isEmpty, let facts = ProcessFacts(pid: pid) else { continue }
                let line = line(above: facts)
                let workingDirectory = directory(of: pid)
                let occupier = Occupier(
                    pid: pid,
                    startTime: facts.startTime,
                    name: facts.name,
                    commandLine: commandLine(of: pid),
                    directory: workingDirectory,
                    checkout: workingDirectory.flatMap { ProjectDetector().checkout(around: $0) },
                    ancestors: line.ancestors,
                    adoptedSince: line.adoptedSince
                )
                for socket in sockets {
                    // Who made a socket is not told: a process that has it open stands for that.
                    let new = Listener(
                        port: socket.port,
                        address: socket.address,
                        userID: facts.effectiveUserID,
                        inode: socket.inode,
                        occupiers: []
                    )
                    listeners[socket.inode, default: new].occupiers.append(occupier)
                }
            }
            return listeners.values.sorted { ($0.port, $0.address) < ($1.port, $1.address) }
        }

        /// Every listening socket, by its inode.
        static func sockets() -> [UInt32: Port] {
            Dictionary(pids.flatMap { listening(in: $0) }.map { ($0.inode, $0.port) }) { first, _ in first }
        }

        /// The inodes of the sockets that listen on `port`.
        static func sockets(on port: Port) -> [UInt32] {
            Set(pids.flatMap { listening(in: $0) }.filter { $0.port == port }.map(\.inode)).sorted()
        }

        /// Whether the process has one of the sockets open, and listens on it; no when it may not be looked at.
        static func process(_ pid: Int32, hasOneOf inodes: Set<UInt32>) -> Bool {
            listening(in: pid).contains { inodes.contains($0.inode) }
        }

        private struct Socket: Hashable {
            var port: Port
            var address: String
            /// macOS numbers no sockets; this stands for such a number.
            var inode: UInt32
        }

        /// In order, so that the occupiers of a shared socket always come in the same one.
        private static var pids: [Int32] {
            array { proc_listpids(UInt32(PROC_ALL_PIDS), 0, $0, $1) }.filter { $0 > 0 }.sorted()
        }

        /// A set, as a process may have one socket open under several numbers.
        private static func listening(in pid: Int32) -> Set<Socket> {
            let descriptors: [proc_fdinfo] = array { proc_pidinfo(pid, PROC_PIDLISTFDS, 0, $0, $1) }
            return Set(
                descriptors.filter { $0.proc_fdtype == UInt32(PROX_FDTYPE_SOCKET) }
                    .compactMap { listener(pid: pid, descriptor: $0.proc_fd) }
            )
        }

        /// `nil` for a socket that does not listen, or is no TCP one.
        private static func listener(pid: Int32, descriptor: Int32) -> Socket? {
            var information = socket_fdinfo()
            let size = Int32(MemoryLayout<socket_fdinfo>.size)
            guard proc_pidfdinfo(pid, descriptor, PROC_PIDFDSOCKETINFO, &information, size) == size,
                information.psi.soi_kind == Int32(SOCKINFO_TCP)
            else { return nil }
            let tcp = information.psi.soi_proto.pri_tcp
            // The port's two bytes, in network order, came into an int as they are.
            let number = UInt16(bigEndian: UInt16(truncatingIfNeeded: tcp.tcpsi_ini.insi_lport))
            guard tcp.tcpsi_state == TSI_S_LISTEN, let port = Port(number) else { return nil }
            // A hash of the socket's address in the kernel, which a later socket may get again, but not with the same
            // generation, the kernel's count of the TCP sockets it made.
            let handle = information.psi.soi_so ^ tcp.tcpsi_ini.insi_gencnt
            let inode = UInt32(truncatingIfNeeded: handle ^ (handle >> 32))
            return Socket(port: port, address: address(of: tcp.tcpsi_ini), inode: inode)
        }

        private static func address(of socket: in_sockinfo) -> String {
            // A socket for both families has both flags, and is `::` as on Linux; a mapped IPv4 address is IPv4's.
            let isIPv6 = Int32(socket.insi_vflag) & INI_IPV6 != 0
            var ipv4 = socket.insi_laddr.ina_46.i46a_addr4
            var ipv6 = socket.insi_laddr.ina_6
            return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { text in
                let result =
                    isIPv6
                    ? inet_ntop(AF_INET6, &ipv6, text.baseAddress!, socklen_t(text.count))
                    : inet_ntop(AF_INET, &ipv4, text.baseAddress!, socklen_t(text.count))
                return result.map { String(cString: $0) } ?? "?"
            }
        }

        /// Empty when the kernel does not tell.
        private static func commandLine(of pid: Int32) -> [String] {
            // ARG_MAX of sys/syslimits.h: into less the kernel writes the end of what it has, not the beginning.
            withUnsafeTemporaryAllocation(byteCount: 1 << 20, alignment: 8) { buffer in
                var name = [CTL_KERN, KERN_PROCARGS2, pid]
                var size = buffer.count
                guard sysctl(&name, 3, buffer.baseAddress, &size, nil, 0) == 0, size > MemoryLayout<Int32>.size
                else { return [] }
                // The number of arguments, the program's path, zeros, the arguments, and then the environment, which is
                // nobody's business: hence an empty argument counts. They may be a megabyte; people read the first few.
                let count = max(0, Int(buffer.load(as: Int32.self)))
                return buffer[MemoryLayout<Int32>.size..<size].drop { $0 != 0 }.drop { $0 == 0 }.prefix(4096)
                    .split(separator: 0, omittingEmptySubsequences: false).prefix(count)
                    .map { String(decoding: $0, as: UTF8.self) }
            }
        }

        private static func directory(of pid: Int32) -> String? {
            var information = proc_vnodepathinfo()
            let size = Int32(MemoryLayout<proc_vnodepathinfo>.size)
            guard proc_pidinfo(pid, PROC_PIDVNODEPATHINFO, 0, &information, size) == size else { return nil }
            let path = withUnsafeBytes(of: information.pvi_cdir.vip_path) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            return path.isEmpty ? nil : path
        }

        /// The processes above one, and as ``Occupier/adoptedSince``: launchd, process 1, takes in orphans.
        private static func line(above process: ProcessFacts) -> (ancestors: [Int32], adoptedSince: Int64?) {
            var pids: [Int32] = []
            var lower = process
            // A parent that changes while we look could send us in circles.
            while lower.parent > 1, pids.count < 64 {
                pids.append(lower.parent)
                guard let facts = ProcessFacts(pid: lower.parent) else { return (pids, nil) }
                lower = facts
            }
            return (pids, lower.parent == 1 ? lower.startTime : nil)
        }

        /// What a call of libproc writes, with the number of bytes as its result. Without a place to write to it tells
        /// how many it would be, and some to spare.
        private static func array<Element>(_ call: (UnsafeMutableRawPointer?, Int32) -> Int32) -> [Element] {
            let stride = MemoryLayout<Element>.stride
            let capacity = Int(max(0, call(nil, 0))) / stride
            return [Element](unsafeUninitializedCapacity: capacity) { buffer, count in
                count = min(capacity, Int(max(0, call(buffer.baseAddress, Int32(capacity * stride)))) / stride)
            }
        }
    }
#endif
