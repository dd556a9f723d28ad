import Glibc
import PortModel
import PortSystem
import Testing

@Suite struct OccupierTests {
    /// A listening socket of this process on a port that the kernel chose.
    private final class Listener {
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
        let listener = try Listener()
        let occupancy = try #require(OccupierSearch.occupancies(of: [listener.port])[listener.port])
        #expect(occupancy.isComplete)
        #expect(occupancy.occupiers.map(\.pid) == [getpid()])
        #expect(occupancy.occupiers[0].folder == CurrentProcess.folder)
        #expect(occupancy.occupiers[0].ancestors.first == getppid() || getppid() <= 1)
        #expect(!occupancy.occupiers[0].name.isEmpty)
    }

    @Test func aPortThatNobodyListensOnHasNoOccupancy() throws {
        let port: Port
        do { port = try Listener().port }
        #expect(OccupierSearch.occupancies(of: [port]).isEmpty)
        #expect(OccupierSearch.occupancies(of: []).isEmpty)
    }
}
