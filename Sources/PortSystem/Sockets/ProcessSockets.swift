#if !os(Linux)
    import Libc
    import PortModel

    /// Reads the listening TCP sockets and the bound UDP sockets of macOS from the open descriptors of each process
    /// (libproc), because the kernel's tables that name the process are private. A user sees the descriptors of their
    /// own processes; root sees all.
    enum ProcessSockets {
        /// Returns the listening sockets on `ports`, or all of them for `nil`, ordered by port and address.
        static func listeners(on ports: Set<Port>?) -> [Listener] { sockets(.tcp, on: ports) }

        /// Returns the UDP sockets that are bound to `ports`, or all of them for `nil`, ordered by port and address.
        static func udpSockets(on ports: Set<Port>?) -> [Listener] { sockets(.udp, on: ports) }

        private static func sockets(_ transport: TransportProtocol, on ports: Set<Port>?) -> [Listener] {
            guard ports?.isEmpty != true else { return [] }
            var listeners: [UInt32: Listener] = [:]
            for pid in pids {
                let sockets = sockets(transport, in: pid).filter { ports?.contains($0.port) ?? true }
                guard !sockets.isEmpty, let facts = ProcessFacts(pid: pid) else { continue }
                let ancestry = ancestry(of: facts)
                let (workingDirectory, removedDirectory) = directories(of: pid)
                let occupier = Occupier(
                    pid: pid,
                    startTime: facts.startTime,
                    age: ProcessStart.age(of: facts.startTime),
                    name: facts.name,
                    commandLine: commandLine(of: pid),
                    directory: workingDirectory,
                    removedDirectory: removedDirectory,
                    mark: ServiceMark.ofProcess(pid, startTime: facts.startTime),
                    ancestors: ancestry.ancestors,
                    parent: parent(of: facts),
                    isStopped: facts.isStopped,
                    adoptedSince: ancestry.adoptedSince
                )
                for socket in sockets {
                    // The kernel does not show which user created a socket: use the user of the first process that has
                    // it open.
                    let new = Listener(
                        transport,
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

        /// Returns the ports of all listening sockets by the inode of the socket.
        static func sockets() -> [UInt32: Port] {
            Dictionary(pids.flatMap { listening(in: $0) }.map { ($0.inode, $0.port) }) { first, _ in first }
        }

        /// Returns the inodes of the sockets that listen on `port`.
        static func sockets(on port: Port) -> [UInt32] {
            Set(pids.flatMap { listening(in: $0) }.filter { $0.port == port }.map(\.inode)).sorted()
        }

        /// Whether the process has one of the sockets open and the socket listens; `false` when the process's
        /// descriptors may not be read.
        static func process(_ pid: Int32, hasOneOf inodes: Set<UInt32>) -> Bool {
            listening(in: pid).contains { inodes.contains($0.inode) }
        }

        private struct Socket: Hashable {
            var port: Port
            var address: String
            /// A number in place of an inode, which sockets of macOS do not have.
            var inode: UInt32
        }

        /// The pids of all processes, sorted so that the occupiers of a shared socket have a stable order.
        private static var pids: [Int32] {
            array { proc_listpids(UInt32(PROC_ALL_PIDS), 0, $0, $1) }.filter { $0 > 0 }.sorted()
        }

        private static func listening(in pid: Int32) -> Set<Socket> { sockets(.tcp, in: pid) }

        /// Returns the listening TCP sockets of a process, or its bound UDP sockets. A set, because a process may have
        /// several descriptors of a socket.
        private static func sockets(_ transport: TransportProtocol, in pid: Int32) -> Set<Socket> {
            let descriptors: [proc_fdinfo] = array { proc_pidinfo(pid, PROC_PIDLISTFDS, 0, $0, $1) }
            return Set(
                descriptors.filter { $0.proc_fdtype == UInt32(PROX_FDTYPE_SOCKET) }
                    .compactMap { socket(transport, pid: pid, descriptor: $0.proc_fd) }
            )
        }

        /// Returns the socket behind a descriptor; `nil` unless it is a listening TCP socket, or a bound UDP socket.
        private static func socket(_ transport: TransportProtocol, pid: Int32, descriptor: Int32) -> Socket? {
            var information = socket_fdinfo()
            let size = Int32(MemoryLayout<socket_fdinfo>.size)
            guard proc_pidfdinfo(pid, descriptor, PROC_PIDFDSOCKETINFO, &information, size) == size,
                let names = names(of: information.psi, transport)
            else { return nil }
            // insi_lport is an int whose low two bytes are the port in network byte order.
            guard let port = Port(UInt16(bigEndian: UInt16(truncatingIfNeeded: names.insi_lport))) else { return nil }
            // soi_so identifies the socket by a hash of its address in the kernel, which a later socket may reuse.
            // insi_gencnt, the kernel's generation count of the protocol's sockets, distinguishes the two.
            let handle = information.psi.soi_so ^ names.insi_gencnt
            let inode = UInt32(truncatingIfNeeded: handle ^ (handle >> 32))
            return Socket(port: port, address: address(of: names), inode: inode)
        }

        /// Returns the addresses of a socket; `nil` unless it is a listening TCP socket, or a UDP socket. One that is
        /// not bound has port 0.
        private static func names(of socket: socket_info, _ transport: TransportProtocol) -> in_sockinfo? {
            switch transport {
            case .tcp:
                guard socket.soi_kind == Int32(SOCKINFO_TCP), socket.soi_proto.pri_tcp.tcpsi_state == TSI_S_LISTEN
                else { return nil }
                return socket.soi_proto.pri_tcp.tcpsi_ini
            case .udp:
                guard socket.soi_kind == Int32(SOCKINFO_IN), socket.soi_protocol == IPPROTO_UDP else { return nil }
                return socket.soi_proto.pri_in
            }
        }

        private static func address(of socket: in_sockinfo) -> String {
            // A dual-stack socket has both flags and counts as IPv6, `::`, as on Linux. An IPv4-mapped address has only
            // the flag of IPv4.
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

        /// Returns the program and its arguments with their secrets, which ``Occupier`` leaves out; empty when they
        /// cannot be read.
        private static func commandLine(of pid: Int32) -> [String] {
            // ARG_MAX of sys/syslimits.h: into a smaller buffer the kernel writes the end of the data, not the
            // beginning.
            withUnsafeTemporaryAllocation(byteCount: 1 << 20, alignment: 8) { buffer in
                var name = [CTL_KERN, KERN_PROCARGS2, pid]
                var size = buffer.count
                guard sysctl(&name, 3, buffer.baseAddress, &size, nil, 0) == 0, size > MemoryLayout<Int32>.size
                else { return [] }
                // The buffer holds the number of arguments, the path of the program, zeros, the arguments, and then the
                // environment. Empty arguments must be counted: otherwise variables of the environment, which may be
                // secret, would be returned as arguments. The first 4 KB are enough to recognize the command.
                let count = max(0, Int(buffer.load(as: Int32.self)))
                return buffer[MemoryLayout<Int32>.size..<size].drop { $0 != 0 }.drop { $0 == 0 }.prefix(4096)
                    .split(separator: 0, omittingEmptySubsequences: false).prefix(count)
                    .map { String(decoding: $0, as: UTF8.self) }
            }
        }

        /// Returns the path of the working directory: as the first element, or as the second if it was removed.
        private static func directories(of pid: Int32) -> (current: String?, removed: String?) {
            var information = proc_vnodepathinfo()
            let size = Int32(MemoryLayout<proc_vnodepathinfo>.size)
            guard proc_pidinfo(pid, PROC_PIDVNODEPATHINFO, 0, &information, size) == size else {
                return (nil, nil)
            }
            let path = withUnsafeBytes(of: information.pvi_cdir.vip_path) {
                PathText.path(Array($0.prefix { $0 != 0 }))
            }
            if path.isEmpty { return (nil, nil) }
            var status = stat()
            let isThere =
                stat(PathText.bytes(of: path), &status) == 0
                ? status.st_ino == information.pvi_cdir.vip_vi.vi_stat.vst_ino : errno == EACCES
            return isThere ? (path, nil) : (nil, path)
        }

        /// Returns ``Occupier/ancestors`` and ``Occupier/adoptedSince`` of `process`. Only launchd, process 1, adopts
        /// orphans.
        private static func ancestry(of process: ProcessFacts) -> (ancestors: [Int32], adoptedSince: Int64?) {
            var pids: [Int32] = []
            var lower = process
            // The limit ends the walk if parents change during it and form a cycle.
            while lower.parent > 1, pids.count < 64 {
                pids.append(lower.parent)
                guard let facts = ProcessFacts(pid: lower.parent) else { return (pids, nil) }
                lower = facts
            }
            return (pids, lower.parent == 1 ? lower.startTime : nil)
        }

        /// Returns the parent of `process`; `nil` when it cannot be seen, or is process 1.
        private static func parent(of process: ProcessFacts) -> ParentProcess? {
            guard process.parent > 1, let facts = ProcessFacts(pid: process.parent) else { return nil }
            return ParentProcess(
                pid: process.parent,
                startTime: facts.startTime,
                name: facts.name,
                isBystander: facts.session == process.parent
            )
        }

        /// Returns the elements that a function of libproc writes to a buffer. The function returns the number of bytes
        /// written; without a buffer it returns the size to allocate, which includes some reserve.
        private static func array<Element>(_ call: (UnsafeMutableRawPointer?, Int32) -> Int32) -> [Element] {
            let stride = MemoryLayout<Element>.stride
            let capacity = Int(max(0, call(nil, 0))) / stride
            return [Element](unsafeUninitializedCapacity: capacity) { buffer, count in
                count = min(capacity, Int(max(0, call(buffer.baseAddress, Int32(capacity * stride)))) / stride)
            }
        }
    }
#endif
