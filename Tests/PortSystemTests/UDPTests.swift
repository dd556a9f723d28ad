import Foundation
import PortModel
import PortTestSupport
import Testing

@testable import PortSystem

// Foundation has a type of the same name.
private typealias Port = PortModel.Port

/// UDP sockets are found at any address, with their processes, by every way of reading them.
@Suite struct UDPTests {
    typealias Holder = SocketTests.Holder

    @Test(arguments: Holder.allCases, [true, false])
    func portOfAUDPSocketAtAnyAddressIsDetected(_ holder: Holder, connected: Bool) throws {
        let socket = try HeldSocket(holder, .udp)
        if connected { try socket.connect(holder) }
        #expect(SocketSnapshot.takeUDP().isHeld(socket.port))
        #expect(BindProbe.isHeld(socket.port, .udp))
        #expect(!SocketSnapshot.take().isHeld(socket.port) && !BindProbe.isHeld(socket.port))
    }

    @Test func listeningTCPSocketDoesNotHoldTheUDPPort() throws {
        let socket = try HeldSocket(.everyAddress, listening: true)
        #expect(!SocketSnapshot.takeUDP().isHeld(socket.port) && !BindProbe.isHeld(socket.port, .udp))
    }

    @Test func portIsFreeOnceItsUDPSocketIsClosed() throws {
        let port: Port
        do {
            let socket = try HeldSocket(.loopback, .udp)
            port = socket.port
        }
        #expect(!SocketSnapshot.takeUDP().isHeld(port) && !BindProbe.isHeld(port, .udp))
        #expect(try UDPTable.sockets(on: [port]).isEmpty && UDPTable.sockets(on: []).isEmpty)
    }

    @Test(arguments: [(Holder.anotherLocalAddress, "127.9.8.7"), (.loopbackIPv6, "::1"), (.everyAddress, "::")])
    func udpSocketIsTracedToItsProcessAndDirectory(_ holder: Holder, address: String) throws {
        let socket = try HeldSocket(holder, .udp)
        let seen = try UDPTable.sockets(on: [socket.port])
        try #require(seen.count == 1 && seen[0].occupiers.count == 1)
        #expect(seen[0].transport == .udp && seen[0].address == address && seen[0].userID == geteuid())
        #expect(seen[0].occupiers[0].pid == getpid() && seen[0].occupiers[0].directory == CurrentProcess.directory)
        #expect(try UDPTable.sockets().contains { $0.inode == seen[0].inode })
        #expect(try ListenerTable.listeners(on: [socket.port]).isEmpty)
    }

    /// Two processes with SO_REUSEPORT, of which one inherits nothing from the other.
    @Test func bothProcessesThatShareAUDPPortAreFound() throws {
        let program = """
            import socket, sys
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            s.bind(("127.0.0.1", int(sys.stdin.readline())))
            print(s.getsockname()[1], flush=True); sys.stdin.read()
            """
        let first = try PythonProgram(program)
        let second = try PythonProgram(program)
        defer {
            for server in [first, second] {
                server.closeInput()
                server.process.wait()
            }
        }
        try first.writeLine("0")
        let port = try #require(try Port(first.readLine().trimmingCharacters(in: .newlines)))
        try second.writeLine("\(port)")
        _ = try second.readLine()
        let pids = try UDPTable.sockets(on: [port]).flatMap(\.occupiers).map(\.pid)
        #expect(Set(pids) == [first.process.pid, second.process.pid] && pids.count == 2)
    }

    #if os(Linux)
        /// For kernels without the module udp_diag, and sandboxes without netlink.
        @Test(arguments: Holder.allCases)
        func fileOfTheKernelHasTheSameSocketsAsNetlink(_ holder: Holder) throws {
            let socket = try HeldSocket(holder, .udp)
            func line(_ socket: SocketDiagnostics.Listener) -> String {
                "\(socket.port) \(socket.address) \(socket.userID) \(socket.inode)"
            }
            let port = socket.port
            let fromFile = try ProcNetUDP.sockets().filter { $0.port == port }.map(line)
            #expect(try fromFile == SocketDiagnostics.udpSockets().filter { $0.port == port }.map(line))
            #expect(fromFile.count == 1)
        }

        @Test(arguments: [
            "", "   sl  local_address rem_address", "1: 0100007F 0 07 0:0 0:0 0 1000 0 5142 2",
            "1: 0100007F:0000 0:0 07 0:0 0:0 0 1000 0 5142 2", "1: 01:14E9 0:0 07 0:0 0:0 0 1000 0 5142 2",
            "1: 0100007F:14E9 0:0 07 0:0 0:0 0 1000 0", "1: XX00007F:14E9 0:0 07 0:0 0:0 0 1000 0 5142 2",
        ])
        func lineThatIsNoBoundSocketIsLeftOut(_ line: String) {
            #expect(ProcNetUDP.socket(line[...]) == nil)
        }
    #endif
}
