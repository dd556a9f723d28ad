import Libc

#if os(Linux)
    /// SOCK_STREAM in the type that socket(2) takes.
    let streamSocketType = Int32(SOCK_STREAM.rawValue)
    /// SOCK_DGRAM in the type that socket(2) takes.
    let datagramSocketType = Int32(SOCK_DGRAM.rawValue)
#else
    /// SOCK_STREAM in the type that socket(2) takes.
    let streamSocketType = SOCK_STREAM
    /// SOCK_DGRAM in the type that socket(2) takes.
    let datagramSocketType = SOCK_DGRAM
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
