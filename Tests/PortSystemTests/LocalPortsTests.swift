import FoundationEssentials
import Libc
import PortModel
import PortSystem
import Testing

@Suite struct LocalPortsTests {
    #if os(Linux)
        @Test func rangesMatchTheKernels() throws {
            let bounds = try String(contentsOfFile: "/proc/sys/net/ipv4/ip_local_port_range", encoding: .utf8)
                .split(whereSeparator: \.isWhitespace).compactMap { Port($0) }
            let local = LocalPorts.read()
            #expect(local.ephemeral == PortRange(bounds[0], bounds[1]))
            let first = try String(contentsOfFile: "/proc/sys/net/ipv4/ip_unprivileged_port_start", encoding: .utf8)
            #expect(local.firstUnprivileged == (geteuid() == 0 ? 1 : Int(first.split(separator: "\n")[0])))
        }
    #endif
}
