import Foundation
import Testing

import struct PortModel.Port

/// A listening socket of this process on a port that the kernel chose.
final class ListeningSocket {
    let descriptor: Int32
    let port: Port

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(descriptor, $0, length)
                listen(descriptor, 1)
                _ = getsockname(descriptor, $0, &length)
            }
        }
        port = try #require(Port(UInt16(bigEndian: address.sin_port)))
    }

    deinit { close(descriptor) }
}
