import Glibc
import PortModel
import PortSystem
import Testing

@Suite struct ListenerTests {
    /// A listening socket of this process on a port that the kernel chose.
    private final class ListeningSocket {
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

    @Test func aListenerIsTracedToItsProcessAndItsFolder() throws {
        let listener = try ListeningSocket()
        let seen = ListenerTable.listeners(on: [listener.port])
        try #require(seen.count == 1 && seen[0].occupiers.count == 1)
        #expect(seen[0].address == "127.0.0.1" && seen[0].userID == geteuid() && seen[0].inode > 0)
        let occupier = seen[0].occupiers[0]
        #expect(occupier.pid == getpid() && occupier.folder == CurrentProcess.folder && !occupier.name.isEmpty)
        #expect(occupier.ancestors.first == getppid() || getppid() <= 1)
        #expect(occupier.commandLine.first == CommandLine.arguments.first)
        if case .owner(let me) = ProcessOwner.look(up: getpid()) { #expect(occupier.startTime == me.startTime) }
        #expect(ListenerTable.listeners().contains { $0.inode == seen[0].inode })
    }

    @Test func aPortThatNobodyListensOnHasNoListener() throws {
        let port: Port
        do { port = try ListeningSocket().port }
        #expect(ListenerTable.listeners(on: [port]).isEmpty)
        #expect(ListenerTable.listeners(on: []).isEmpty)
    }
}
