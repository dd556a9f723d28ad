#if os(Linux)
    import Libc
    import PortModel

    /// Reads the bound UDP sockets from `/proc/net/udp` and `/proc/net/udp6`: proc_pid_net(5). They have the same
    /// sockets as sock_diag(7), at two to three times the cost, also for a kernel without the module udp_diag and a
    /// sandbox without netlink.
    enum ProcNetUDP {
        /// Enough for 60,000 sockets with 128 bytes each.
        private static let limit = 8 << 20

        /// Returns the sockets of this network namespace. Throws ENOENT when there is no such file.
        static func sockets() throws(SystemError) -> [SocketDiagnostics.Listener] {
            guard let ipv4 = SmallFile.text(at: "/proc/self/net/udp", limit: limit) else {
                throw SystemError("open", "/proc/self/net/udp", number: ENOENT)
            }
            // Missing where IPv6 is switched off.
            let ipv6 = SmallFile.text(at: "/proc/self/net/udp6", limit: limit) ?? ""
            return (lines(of: ipv4) + lines(of: ipv6)).compactMap(socket)
        }

        /// The lines after the heading.
        private static func lines(of text: String) -> ArraySlice<Substring> {
            text.split(separator: "\n").dropFirst()
        }

        /// Returns the socket of a line, as in
        /// `  12: 0100007F:14E9 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000  0 5142 2 … 0`.
        static func socket(_ line: Substring) -> SocketDiagnostics.Listener? {
            let fields = line.split(separator: " ")
            guard fields.count > 9, let userID = UInt32(fields[7]), let inode = UInt32(fields[9]) else { return nil }
            let local = fields[1].split(separator: ":")
            guard local.count == 2, let number = UInt16(local[1], radix: 16), let port = Port(number),
                let address = address(local[0])
            else { return nil }
            return SocketDiagnostics.Listener(port: port, address: address, inode: inode, userID: userID)
        }

        /// Returns the numeric address of hexadecimal words, each of which has the byte order of this machine.
        private static func address(_ text: Substring) -> String? {
            let digits = Array(text)
            guard digits.count == 8 || digits.count == 32 else { return nil }
            let words = stride(from: 0, to: digits.count, by: 8).map { UInt32(String(digits[$0..<$0 + 8]), radix: 16) }
            guard !words.contains(nil) else { return nil }
            return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { text in
                let family = words.count == 1 ? AF_INET : AF_INET6
                return words.map { $0! }.withUnsafeBytes {
                    inet_ntop(family, $0.baseAddress, text.baseAddress!, socklen_t(text.count))
                }.map { String(cString: $0) }
            }
        }
    }
#endif
