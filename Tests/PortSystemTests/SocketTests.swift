import Libc
import PortModel
import PortTestSupport
import Testing

@testable import PortSystem

/// Promise 5: a socket that holds a port is detected, whatever its address and state.
@Suite struct SocketTests {
    enum Holder: CaseIterable {
        case loopback, anotherLocalAddress, everyIPv4Address, loopbackIPv6, everyAddress, everyIPv6Address
    }

    @Test(arguments: Holder.allCases, [true, false])
    func portHeldAtAnyAddressIsDetected(_ holder: Holder, listening: Bool) throws {
        let socket = try HeldSocket(holder, listening: listening)
        #expect(SocketSnapshot.take().isHeld(socket.port))
    }

    @Test(arguments: Holder.allCases)
    func bindProbeDetectsEveryListener(_ holder: Holder) throws {
        let socket = try HeldSocket(holder, listening: true)
        #expect(BindProbe.isHeld(socket.port))
    }

    #if os(Linux)
        @Test(arguments: Holder.allCases) func listenerOfIPv6AloneIsKnown(_ holder: Holder) throws {
            let socket = try HeldSocket(holder, listening: true)
            let listeners = try ListenerTable.listeners(on: [socket.port])
            #expect(listeners.map(\.isIPv6Only) == [holder == .everyIPv6Address || holder == .loopbackIPv6])
        }
    #endif

    @Test func portIsFreeOnceItsSocketIsClosed() throws {
        let port: Port
        do {
            let socket = try HeldSocket(.loopback, listening: true)
            port = socket.port
        }
        #expect(!SocketSnapshot.take().isHeld(port))
        #expect(!BindProbe.isHeld(port))
    }

    @Test func bindProbeLeavesNoSocketBehind() throws {
        // Below the range from which the kernel gives ports to the tests beside this one.
        let block = try PortBlock(of: 1, in: 31_000...32_767)
        let port = try #require(Port(block.first))
        for _ in 0..<100 { #expect(!BindProbe.isHeld(port)) }
        #expect(!SocketSnapshot.take().isHeld(port))
    }

    #if os(Linux)
        @Test func userOfALoopbackConnectionIsFound() throws {
            let server = try HeldSocket(.loopback, listening: true)
            let client = try StreamSocket.connect(host: "127.0.0.1", port: server.port.number, timeout: .seconds(5))
            let accepted = try server.accept()
            #expect(accepted.clientUserID(server: server.port) == getuid())
            _ = consume client
            // The kernel reports root as the user of a socket that is closed, so the user is unknown.
            #expect(accepted.clientUserID(server: server.port) == nil)
        }
    #endif
}

/// A socket on a port that the kernel chose.
struct HeldSocket: ~Copyable {
    let port: Port
    private let descriptor: FileDescriptor

    struct Failed: Error { let call: String }

    init(
        _ holder: SocketTests.Holder,
        _ transport: TransportProtocol = .tcp,
        listening: Bool = false
    ) throws {
        let isIPv6 = [.loopbackIPv6, .everyAddress, .everyIPv6Address].contains(holder)
        // No process that another test starts inherits it.
        let type = (transport == .tcp ? streamSocketType : datagramSocketType) | Int32(SOCK_CLOEXEC.rawValue)
        let number = socket(isIPv6 ? AF_INET6 : AF_INET, type, 0)
        descriptor = FileDescriptor(owning: number)
        guard number >= 0 else { throw Failed(call: "socket") }
        let result: Int32
        if isIPv6 {
            var only: Int32 = holder == .everyAddress ? 0 : 1
            setsockopt(number, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &only, socklen_t(MemoryLayout<Int32>.size))
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_addr = holder == .loopbackIPv6 ? in6addr_loopback : in6addr_any
            result = PortSystem.bind(&address, to: descriptor)
        } else {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            switch holder {
            case .loopback: inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
            case .anotherLocalAddress: inet_pton(AF_INET, "127.9.8.7", &address.sin_addr)
            default: break
            }
            result = PortSystem.bind(&address, to: descriptor)
        }
        guard result == 0 else { throw Failed(call: "bind") }
        if listening, listen(number, 8) != 0 { throw Failed(call: "listen") }
        // The port lies at the same place in both address structures.
        var name = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let known = withUnsafeMutablePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(number, $0, &length) }
        }
        guard known == 0, let port = Port(UInt16(bigEndian: name.sin6_port)) else { throw Failed(call: "getsockname") }
        self.port = port
    }

    /// Connects a UDP socket to a port of the loopback interface to which it sends nothing.
    func connect(_ holder: SocketTests.Holder) throws {
        let isIPv6 = [.loopbackIPv6, .everyAddress, .everyIPv6Address].contains(holder)
        let result: Int32
        if isIPv6 {
            var peer = sockaddr_in6()
            peer.sin6_family = sa_family_t(AF_INET6)
            peer.sin6_port = UInt16(9).bigEndian
            peer.sin6_addr = in6addr_loopback
            result = withUnsafePointer(to: &peer) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(descriptor.number, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
                }
            }
        } else {
            var peer = sockaddr_in()
            peer.sin_family = sa_family_t(AF_INET)
            peer.sin_port = UInt16(9).bigEndian
            inet_pton(AF_INET, "127.0.0.1", &peer.sin_addr)
            result = withUnsafePointer(to: &peer) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(descriptor.number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
        guard result == 0 else { throw Failed(call: "connect") }
    }

    struct Accepted: ~Copyable {
        let descriptor: FileDescriptor
        let clientPort: UInt16

        func clientUserID(server: Port) -> UInt32? {
            PeerCredentials.userID(
                ofTCPClient: SocketEndpoint(address: "127.0.0.1", port: clientPort)!,
                server: SocketEndpoint(address: "127.0.0.1", port: server.number)!
            )
        }
    }

    func accept() throws -> Accepted {
        var name = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = descriptor.number
        let number = withUnsafeMutablePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.accept(listener, $0, &length) }
        }
        guard number >= 0 else { throw Failed(call: "accept") }
        return Accepted(descriptor: FileDescriptor(owning: number), clientPort: UInt16(bigEndian: name.sin_port))
    }
}
