import Libc
import PortModel

/// A socket of this process that is bound to a port of 127.0.0.1 and does not listen. The kernel chooses the port.
struct BoundSocket: ~Copyable {
    let port: Port
    private let descriptor: FileDescriptor

    /// Creates and binds the socket. Throws the error of socket(2), bind(2) or getsockname(2).
    static func open() throws(SystemError) -> BoundSocket {
        let number = try retrying("socket") { socket(AF_INET, streamSocketType, 0) }
        let descriptor = FileDescriptor(owning: number)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        guard bind(&name, to: descriptor) == 0 else { throw .last("bind") }
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(number, $0, &length) }
        }
        guard result == 0, let port = Port(UInt16(bigEndian: name.sin_port)) else { throw .last("getsockname") }
        return BoundSocket(port: port, descriptor: descriptor)
    }
}
