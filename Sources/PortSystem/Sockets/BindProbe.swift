import Libc
import PortModel

/// Finds out whether a port is held by binding to it for a moment, where the kernel offers no table. With SO_REUSEADDR
/// and without listen(2), which leaves servers that set SO_REUSEADDR themselves undisturbed.
enum BindProbe {
    static func isHeld(_ port: Port) -> Bool {
        addresses.contains { isRefused($0, port) }
    }

    private enum Address {
        case anyIPv4
        case anyIPv6
        case loopbackIPv4
        case loopbackIPv6
    }

    /// On Linux the two wildcards meet every socket; macOS lets a wildcard bind beside a specific address.
    private static var addresses: [Address] {
        #if os(Linux)
            [.anyIPv4, .anyIPv6]
        #else
            [.anyIPv4, .anyIPv6, .loopbackIPv4, .loopbackIPv6]
        #endif
    }

    /// Only "address in use" counts: a privileged port or a switched-off IPv6 is not held. Where no socket can be had
    /// to try with, the port counts as held.
    private static func isRefused(_ address: Address, _ port: Port) -> Bool {
        let isIPv6 = address == .anyIPv6 || address == .loopbackIPv6
        let number = socket(isIPv6 ? AF_INET6 : AF_INET, streamSocketType, 0)
        guard number >= 0 else { return errno != EAFNOSUPPORT }
        let descriptor = FileDescriptor(owning: number)
        _ = fcntl(descriptor.number, F_SETFD, FD_CLOEXEC)
        var yes: Int32 = 1
        setsockopt(descriptor.number, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
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

#if os(Linux)
    let streamSocketType = Int32(SOCK_STREAM.rawValue)
#else
    let streamSocketType = SOCK_STREAM
#endif

/// bind(2) with any of the socket address structures.
func bind<Name>(_ name: inout Name, to descriptor: borrowing FileDescriptor) -> Int32 {
    let number = descriptor.number
    return withUnsafePointer(to: &name) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(number, $0, socklen_t(MemoryLayout<Name>.size))
        }
    }
}
