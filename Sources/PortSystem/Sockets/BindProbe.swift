import Libc
import PortModel

/// Checks whether a port is held by binding a socket to it for a moment, where the kernel offers no complete table. A
/// TCP socket sets SO_REUSEADDR and does not listen, so that it does not disturb starting servers that set
/// SO_REUSEADDR. A UDP socket does not set it: two that do may share a port.
enum BindProbe {
    /// Whether another socket of the protocol holds `port` at any local address.
    static func isHeld(_ port: Port, _ transport: TransportProtocol = .tcp) -> Bool {
        addresses.contains { isInUse($0, port, transport) }
    }

    private enum Address {
        case anyIPv4
        case anyIPv6
        case loopbackIPv4
        case loopbackIPv6
    }

    /// The addresses to try. On Linux the two wildcard addresses conflict with every socket. macOS allows a wildcard
    /// address beside a specific one, so the loopback addresses are tried as well.
    private static var addresses: [Address] {
        #if os(Linux)
            [.anyIPv4, .anyIPv6]
        #else
            [.anyIPv4, .anyIPv6, .loopbackIPv4, .loopbackIPv6]
        #endif
    }

    /// Whether bind(2) fails with EADDRINUSE. Other errors do not count: a privileged port and a disabled IPv6 are not
    /// held. If no socket can be created, the port counts as held.
    private static func isInUse(_ address: Address, _ port: Port, _ transport: TransportProtocol) -> Bool {
        let isIPv6 = address == .anyIPv6 || address == .loopbackIPv6
        let number = socket(
            isIPv6 ? AF_INET6 : AF_INET,
            transport == .tcp ? streamSocketType : datagramSocketType,
            0
        )
        guard number >= 0 else { return errno != EAFNOSUPPORT }
        let descriptor = FileDescriptor(owning: number)
        _ = fcntl(descriptor.number, F_SETFD, FD_CLOEXEC)
        var yes: Int32 = 1
        if transport == .tcp {
            setsockopt(descriptor.number, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        }
        let result: Int32
        if isIPv6 {
            setsockopt(descriptor.number, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &yes, socklen_t(MemoryLayout<Int32>.size))
            var name = sockaddr_in6()
            name.sin6_family = sa_family_t(AF_INET6)
            name.sin6_port = port.number.bigEndian
            name.sin6_addr = address == .loopbackIPv6 ? in6addr_loopback : in6addr_any
            result = bind(&name, to: descriptor)
        } else {
            var name = sockaddr_in()
            name.sin_family = sa_family_t(AF_INET)
            name.sin_port = port.number.bigEndian
            name.sin_addr.s_addr = address == .loopbackIPv4 ? UInt32(0x7f00_0001).bigEndian : 0
            result = bind(&name, to: descriptor)
        }
        return result != 0 && errno == EADDRINUSE
    }
}
