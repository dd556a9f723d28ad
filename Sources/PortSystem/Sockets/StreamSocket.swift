import CPortSystem
import Libc

/// A connected stream socket in blocking mode.
package struct StreamSocket: ~Copyable {
    private let descriptor: FileDescriptor

    /// EADDRINUSE, the errno of bind(2) for an address that another socket uses.
    package static let addressInUse = EADDRINUSE

    /// Connects to the Unix socket at `path`. `timeout` limits this call, and each later send or receive; it counts in
    /// whole seconds. Throws ENOENT or ECONNREFUSED when no socket listens there, and ENAMETOOLONG when the path does
    /// not fit into a socket address.
    package static func connect(path: String, timeout: Duration) throws(SystemError) -> StreamSocket {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { place in
            guard path.utf8.count < place.count else { return false }
            place.copyBytes(from: path.utf8)
            return true
        }
        guard fits else { throw SystemError("connect", path, number: ENAMETOOLONG) }
        return try connect(&address, family: AF_UNIX, subject: path, timeout: timeout)
    }

    /// Connects over TCP to the numeric IPv4 or IPv6 address `host`, with `timeout` as in ``connect(path:timeout:)``.
    /// Throws EINVAL when `host` is not such an address, and ECONNREFUSED when no socket listens there.
    package static func connect(host: String, port: UInt16, timeout: Duration) throws(SystemError) -> StreamSocket {
        let subject = "\(host):\(port)"
        var address = sockaddr_in()
        if inet_pton(AF_INET, host, &address.sin_addr) == 1 {
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            return try connect(&address, family: AF_INET, subject: subject, timeout: timeout)
        }
        var address6 = sockaddr_in6()
        guard inet_pton(AF_INET6, host, &address6.sin6_addr) == 1 else {
            throw SystemError("connect", subject, number: EINVAL)
        }
        address6.sin6_family = sa_family_t(AF_INET6)
        address6.sin6_port = port.bigEndian
        return try connect(&address6, family: AF_INET6, subject: subject, timeout: timeout)
    }

    private static func connect<Address>(
        _ address: inout Address,
        family: Int32,
        subject: String,
        timeout: Duration
    ) throws(SystemError) -> StreamSocket {
        let number = try retrying("socket") { socket(family, streamSocketType, 0) }
        let descriptor = FileDescriptor(owning: number)
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
        var limit = timeval()
        limit.tv_sec = Int(timeout.components.seconds)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(number, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        #if !os(Linux)
            // macOS has no MSG_NOSIGNAL, and rejects this option once the connection is closed.
            var yes: Int32 = 1
            setsockopt(number, SOL_SOCKET, SO_NOSIGPIPE, &yes, socklen_t(MemoryLayout<Int32>.size))
        #endif
        try withUnsafePointer(to: &address) { pointer throws(SystemError) in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name throws(SystemError) in
                _ = try retrying("connect", subject) {
                    systemConnect(number, name, socklen_t(MemoryLayout<Address>.size))
                }
            }
        }
        return StreamSocket(descriptor: descriptor)
    }

    /// Whether this process may create Unix sockets, which a sandbox can deny.
    package static var canCreateUnixSocket: Bool {
        let number = socket(AF_UNIX, streamSocketType, 0)
        guard number >= 0 else { return false }
        _ = FileDescriptor(owning: number)
        return true
    }

    /// Whether `host` is a numeric IPv4 or IPv6 address.
    package static func isNumericHost(_ host: String) -> Bool {
        var address = in6_addr()
        return inet_pton(AF_INET, host, &address) == 1 || inet_pton(AF_INET6, host, &address) == 1
    }

    /// The process that listens at the other end of a Unix socket; `nil` when the system does not report it.
    package var peer: PeerCredentials.Process? { PeerCredentials.process(behindUnixSocket: descriptor.number) }

    /// Sends all bytes. Throws EPIPE when the peer has closed the connection, without a SIGPIPE, and EAGAIN after the
    /// timeout.
    package func send(_ bytes: [UInt8]) throws(SystemError) {
        let number = descriptor.number
        #if os(Linux)
            let flags = Int32(MSG_NOSIGNAL)
        #else
            let flags: Int32 = 0
        #endif
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = try retrying("send") {
                rest.withUnsafeBytes { systemSend(number, $0.baseAddress, $0.count, flags) }
            }
            rest = rest.dropFirst(sent)
        }
    }

    /// Waits at most `milliseconds` until ``receive()`` would not block. Returns whether it would not.
    package func isReadable(within milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, milliseconds) > 0
    }

    /// Receives the next bytes, at most 64 KB; none when the peer has closed its end. Throws EAGAIN after the timeout.
    package func receive() throws(SystemError) -> [UInt8] {
        let number = descriptor.number
        var failure: SystemError?
        let bytes = [UInt8](unsafeUninitializedCapacity: 65536) { buffer, count in
            do throws(SystemError) {
                count = try retrying("recv") { recv(number, buffer.baseAddress, buffer.count, 0) }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }
}

// connect(2) and send(2). At file scope, the names refer to the C functions and not to the methods above.
private func systemConnect(_ number: Int32, _ name: UnsafePointer<sockaddr>, _ length: socklen_t) -> Int32 {
    connect(number, name, length)
}

private func systemSend(_ number: Int32, _ bytes: UnsafeRawPointer?, _ count: Int, _ flags: Int32) -> Int {
    send(number, bytes, count, flags)
}
