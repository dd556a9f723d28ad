#if os(Linux)
    import CPortSystem
    import Libc
    import PortModel

    /// Reads the kernel's tables of TCP and UDP sockets over netlink: sock_diag(7).
    enum SocketDiagnostics {
        /// The states of sockets as bits of a request, from the kernel's include/net/tcp_states.h.
        enum State: UInt32 {
            case listening = 0x400  // 1 << TCP_LISTEN
            /// Bound and not listening. Older kernels than Linux 6.8 ignore this bit.
            case bound = 0x2000  // 1 << TCP_BOUND_INACTIVE
            /// One end of a connection: TCP_ESTABLISHED, TCP_SYN_SENT, TCP_FIN_WAIT1, TCP_FIN_WAIT2, TCP_CLOSE_WAIT,
            /// TCP_LAST_ACK and TCP_CLOSING. Without TCP_TIME_WAIT: after many short connections there are tens of
            /// thousands of these.
            case connected = 0xb36
        }

        /// Whether the kernel lists sockets that are bound and do not listen. Tested once, with such a socket.
        static let showsBoundSockets: Bool = {
            do {
                let probe = try BoundSocket.open()
                return try localPorts(.bound).contains(probe.port)
            } catch {
                return false
            }
        }()

        /// Returns the local ports of all IPv4 and IPv6 sockets that are in one of `states`. Throws the error of
        /// netlink(7).
        static func localPorts(_ states: State...) throws(SystemError) -> PortSet {
            var ports = PortSet()
            try dump(states) { message, _ in ports.insert(portOf: message.id.idiag_sport) }
            return ports
        }

        /// Returns the ports of all sockets that listen or are bound, and the local ports of all connections, in one
        /// walk: asking for bound sockets makes the kernel walk through the connections anyway. Throws the error of
        /// netlink(7).
        static func usedPorts() throws(SystemError) -> (held: PortSet, connected: PortSet) {
            var held = PortSet()
            var connected = PortSet()
            try dump([.listening, .bound, .connected]) { message, _ in
                if isConnected(message) {
                    connected.insert(portOf: message.id.idiag_sport)
                } else {
                    held.insert(portOf: message.id.idiag_sport)
                }
            }
            return (held, connected)
        }

        private static func isConnected(_ message: inet_diag_msg) -> Bool {
            message.idiag_state < 32 && State.connected.rawValue & (1 << UInt32(message.idiag_state)) != 0
        }

        /// A socket that does not listen: one end of a connection, or one that is only bound.
        struct IdleSocket {
            var address: String
            /// The other end of the connection; `nil` for a socket that is only bound.
            var peer: (address: String, port: UInt16)?
            /// 0 for a socket that its process has closed already.
            var inode: UInt32
            /// 0 for a socket that its process has closed already.
            var userID: UInt32
        }

        /// Returns the sockets with the local port `port` that do not listen. Throws the error of netlink(7).
        static func idleSockets(on port: Port) throws(SystemError) -> [IdleSocket] {
            var sockets: [IdleSocket] = []
            try dump([.bound, .connected]) { message, _ in
                guard UInt16(bigEndian: message.id.idiag_sport) == port.number else { return }
                let peer =
                    isConnected(message)
                    ? (address(message.id.idiag_dst, of: message), UInt16(bigEndian: message.id.idiag_dport)) : nil
                sockets.append(
                    IdleSocket(
                        address: address(message.id.idiag_src, of: message),
                        peer: peer,
                        inode: message.idiag_inode,
                        userID: message.idiag_uid
                    )
                )
            }
            return sockets
        }

        /// A listening TCP socket or a bound UDP socket, without the processes that have it open.
        struct Listener {
            var port: Port
            /// The numeric local address, such as `127.0.0.1` or `::`.
            var address: String
            var inode: UInt32
            /// The user id of the process that created the socket.
            var userID: UInt32
            /// Whether `::` stands for the addresses of IPv6 alone.
            var isIPv6Only = false
        }

        /// Returns all listening IPv4 and IPv6 sockets. Throws the error of netlink(7).
        static func listeners() throws(SystemError) -> [Listener] {
            var listeners: [Listener] = []
            try dump([.listening]) { message, isIPv6Only in
                guard let port = Port(UInt16(bigEndian: message.id.idiag_sport)) else { return }
                listeners.append(
                    Listener(
                        port: port,
                        address: address(message.id.idiag_src, of: message),
                        inode: message.idiag_inode,
                        userID: message.idiag_uid,
                        isIPv6Only: isIPv6Only
                    )
                )
            }
            return listeners
        }

        /// Returns the UDP sockets that are bound to a port, connected ones among them. Throws the error of netlink(7):
        /// ENOENT from a kernel without the module udp_diag.
        static func udpSockets() throws(SystemError) -> [Listener] {
            var sockets: [Listener] = []
            try dumpUDP { message, _ in
                guard let port = Port(UInt16(bigEndian: message.id.idiag_sport)) else { return }
                sockets.append(
                    Listener(
                        port: port,
                        address: address(message.id.idiag_src, of: message),
                        inode: message.idiag_inode,
                        userID: message.idiag_uid
                    )
                )
            }
            return sockets
        }

        /// Returns the ports of ``udpSockets()``. Throws like it.
        static func udpPorts() throws(SystemError) -> PortSet {
            var ports = PortSet()
            try dumpUDP { message, _ in ports.insert(portOf: message.id.idiag_sport) }
            return ports
        }

        private static func address<Words>(_ words: Words, of message: inet_diag_msg) -> String {
            withUnsafeBytes(of: words) { words in
                withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { text in
                    inet_ntop(Int32(message.idiag_family), words.baseAddress!, text.baseAddress!, socklen_t(text.count))
                        .map { String(cString: $0) } ?? "?"
                }
            }
        }

        /// Requests the sockets in one of `states` and passes each to `each`.
        private static func dump(
            _ states: [State],
            each: (inet_diag_msg, _ isIPv6Only: Bool) -> Void
        ) throws(SystemError) {
            let socket = try open()
            // The older form of the request. Unlike SOCK_DIAG_BY_FAMILY it covers both families in one walk through the
            // kernel's 65,536 hash buckets, which takes most of the time (0.23 ms; 0.01 ms without the bound sockets).
            var request = LegacyDumpRequest()
            request.header.nlmsg_len = UInt32(MemoryLayout<LegacyDumpRequest>.size)
            request.header.nlmsg_type = UInt16(TCPDIAG_GETSOCK)
            request.header.nlmsg_flags = UInt16(NLM_F_REQUEST) | UInt16(0x300)  // NLM_F_DUMP
            request.body.idiag_family = UInt8(AF_INET)
            request.body.idiag_states = states.reduce(0) { $0 | $1.rawValue }
            try retrying("send", "netlink") {
                withUnsafeBytes(of: &request) { send(socket.number, $0.baseAddress, $0.count, 0) }
            }
            while try receive(from: socket, each: each) {}
        }

        /// Requests the UDP sockets and passes each to `each`. The older form of the request knows TCP only; this one
        /// needs a walk for each family, through a table that is small.
        private static func dumpUDP(each: (inet_diag_msg, _ isIPv6Only: Bool) -> Void) throws(SystemError) {
            let socket = try open()
            for family in [AF_INET, AF_INET6] {
                var request = FamilyRequest()
                request.header.nlmsg_len = UInt32(MemoryLayout<FamilyRequest>.size)
                request.header.nlmsg_type = UInt16(SOCK_DIAG_BY_FAMILY)
                request.header.nlmsg_flags = UInt16(NLM_F_REQUEST) | UInt16(0x300)  // NLM_F_DUMP
                request.body.sdiag_family = UInt8(family)
                request.body.sdiag_protocol = UInt8(IPPROTO_UDP)
                // Unconnected sockets are in TCP_CLOSE, connected ones in TCP_ESTABLISHED. Unbound ones are not in the
                // table.
                request.body.idiag_states = UInt32.max
                try retrying("send", "netlink") {
                    withUnsafeBytes(of: &request) { send(socket.number, $0.baseAddress, $0.count, 0) }
                }
                while try receive(from: socket, each: each) {}
            }
        }

        /// Returns the user id and the inode of the socket at the `client` end of a loopback connection; `nil` when the
        /// kernel does not know them, for example because the client has closed its socket.
        static func ownerOfConnection(
            client: SocketEndpoint,
            server: SocketEndpoint
        ) -> (userID: UInt32, inode: UInt32)? {
            guard client.addressBytes.count == server.addressBytes.count, let socket = try? open() else { return nil }
            var request = FamilyRequest()
            request.header.nlmsg_len = UInt32(MemoryLayout<FamilyRequest>.size)
            request.header.nlmsg_type = UInt16(SOCK_DIAG_BY_FAMILY)
            request.header.nlmsg_flags = UInt16(NLM_F_REQUEST)
            request.body.sdiag_family = UInt8(client.addressBytes.count == 4 ? AF_INET : AF_INET6)
            request.body.sdiag_protocol = UInt8(IPPROTO_TCP)
            request.body.idiag_states = UInt32.max
            request.body.id.idiag_sport = client.port.bigEndian
            request.body.id.idiag_dport = server.port.bigEndian
            copy(client.addressBytes, into: &request.body.id.idiag_src)
            copy(server.addressBytes, into: &request.body.id.idiag_dst)
            request.body.id.idiag_cookie = (UInt32.max, UInt32.max)  // INET_DIAG_NOCOOKIE
            let sent = withUnsafeBytes(of: &request) { send(socket.number, $0.baseAddress, $0.count, 0) }
            guard sent == MemoryLayout<FamilyRequest>.size else { return nil }
            var owner: (userID: UInt32, inode: UInt32)?
            _ = try? receive(from: socket) { message, _ in
                // If the connection no longer exists, the kernel may return a listener on the client's port. If the
                // client has closed its socket, the inode and the user id are 0: that means unknown, not root.
                guard message.idiag_state != UInt8(TCP_LISTEN), message.idiag_inode != 0,
                    message.id.idiag_dport == server.port.bigEndian
                else { return }
                owner = (message.idiag_uid, message.idiag_inode)
            }
            return owner
        }

        private struct LegacyDumpRequest {
            var header = nlmsghdr()
            var body = inet_diag_req()
        }

        /// The newer form of a request, for one family and protocol.
        private struct FamilyRequest {
            var header = nlmsghdr()
            var body = inet_diag_req_v2()
        }

        private static func open() throws(SystemError) -> FileDescriptor {
            let type = Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
            return FileDescriptor(
                owning: try retrying("socket", "netlink") { socket(AF_NETLINK, type, NETLINK_SOCK_DIAG) }
            )
        }

        /// Reads one datagram and passes its sockets to `each`. Returns whether more datagrams follow.
        private static func receive(
            from socket: borrowing FileDescriptor,
            each: (inet_diag_msg, _ isIPv6Only: Bool) -> Void
        ) throws(SystemError) -> Bool {
            let number = socket.number
            // The kernel puts at most 32 KB of a dump into one datagram.
            return try withUnsafeTemporaryAllocation(byteCount: 32768, alignment: 8) {
                (buffer) throws(SystemError) -> Bool in
                let count = try retrying("recv", "netlink") { recv(number, buffer.baseAddress, buffer.count, 0) }
                var offset = 0
                while offset + MemoryLayout<nlmsghdr>.size <= count {
                    let header = buffer.loadUnaligned(fromByteOffset: offset, as: nlmsghdr.self)
                    let body = offset + MemoryLayout<nlmsghdr>.size
                    switch Int32(header.nlmsg_type) {
                    case NLMSG_DONE: return false
                    case NLMSG_ERROR:
                        let code = buffer.loadUnaligned(fromByteOffset: body, as: Int32.self)
                        throw SystemError("sock_diag", number: -code)
                    default:
                        if body + MemoryLayout<inet_diag_msg>.size <= count {
                            let attributes = body + MemoryLayout<inet_diag_msg>.size..<offset + Int(header.nlmsg_len)
                            each(
                                buffer.loadUnaligned(fromByteOffset: body, as: inet_diag_msg.self),
                                isIPv6Only(buffer, attributes.clamped(to: 0..<count))
                            )
                        }
                    }
                    // A length shorter than the header would make this loop endless.
                    guard header.nlmsg_len >= UInt32(MemoryLayout<nlmsghdr>.size) else { return false }
                    offset += (Int(header.nlmsg_len) + 3) & ~3
                }
                return true
            }
        }

        /// Whether an attribute among the bytes in `range` says IPV6_V6ONLY: INET_DIAG_SKV6ONLY of linux/inet_diag.h,
        /// which listening sockets of IPv6 have.
        private static func isIPv6Only(_ buffer: UnsafeMutableRawBufferPointer, _ range: Range<Int>) -> Bool {
            var offset = range.lowerBound
            while offset + 5 <= range.upperBound {
                let length = Int(buffer.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
                let type = buffer.loadUnaligned(fromByteOffset: offset + 2, as: UInt16.self)
                if type == 11 { return buffer[offset + 4] != 0 }
                guard length >= 4 else { return false }
                offset += (length + 3) & ~3
            }
            return false
        }

        private static func copy<Destination>(_ bytes: [UInt8], into destination: inout Destination) {
            withUnsafeMutableBytes(of: &destination) { $0.copyBytes(from: bytes) }
        }
    }

    extension PortSet {
        /// Inserts a port in network byte order; ignores 0.
        fileprivate mutating func insert(portOf networkOrder: UInt16) {
            if let port = Port(UInt16(bigEndian: networkOrder)) { insert(port) }
        }
    }
#endif
