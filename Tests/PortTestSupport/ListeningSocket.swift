import Foundation
import PortSystem
import Synchronization

/// A TCP socket of this process on 127.0.0.1. No process that another test starts inherits it.
package final class ListeningSocket: Sendable {
    package let port: Int
    package let descriptor: Int32
    private let isClosed = Atomic(false)

    /// - Parameters:
    ///   - port: The port to bind; 0 for one that the kernel chooses.
    ///   - listening: Whether the socket listens. Otherwise it is only bound.
    package init(on port: Int = 0, listening: Bool = true) throws {
        #if os(Linux)
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        #else
            let descriptor = socket(AF_INET, SOCK_STREAM, 0)
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isOpen = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && (!listening || listen(descriptor, 1) == 0)
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isOpen else {
            let number = errno
            close(descriptor)
            throw SystemError("bind", "127.0.0.1:\(port)", number: number)
        }
        self.descriptor = descriptor
        self.port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { end() }

    /// Closes the socket, if it is open.
    package func end() {
        if !isClosed.exchange(true, ordering: .relaxed) { close(descriptor) }
    }
}
