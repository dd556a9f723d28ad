import Foundation
import Testing

/// A socket of this process on 127.0.0.1.
final class ListeningSocket: Sendable {
    let port: Int
    private let descriptor: Int32

    /// Without a port, on one that the kernel chooses; without `listening`, only bound.
    init(on wanted: Int = 0, listening: Bool = true) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        self.descriptor = descriptor
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(wanted).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isOpen = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && (!listening || listen(descriptor, 1) == 0)
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        try #require(isOpen, "port \(wanted): \(String(cString: strerror(errno)))")
    }

    func end() { close(descriptor) }
}
