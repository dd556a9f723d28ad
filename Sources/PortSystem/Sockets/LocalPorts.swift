package import PortModel

/// The ports that the system reserves.
package struct LocalPorts: Sendable {
    /// The lowest port that this process may bind; 1 for root.
    package let firstUnprivileged: Int
    /// The range from which the kernel chooses the ports of outgoing connections; `nil` when it is malformed.
    package let ephemeral: PortRange?
    /// The ports that the kernel never chooses itself: `net.ipv4.ip_local_reserved_ports`. Empty on macOS.
    package let reserved: PortSet
    /// The ports of services of the operating system. Empty on Linux.
    package let systemServices: PortSet

    /// Reads the current settings: ip(7). A setting that cannot be read has its documented default.
    package static func read() -> LocalPorts {
        let isRoot = CurrentProcess.userID == 0
        #if os(Linux)
            let directory = "/proc/sys/net/ipv4"
            let first = SmallFile.text(at: "\(directory)/ip_unprivileged_port_start")
                .flatMap { Int($0.trimmingSpaces()) }
            let bounds = (SmallFile.text(at: "\(directory)/ip_local_port_range") ?? "32768 60999")
                .split(whereSeparator: \.isWhitespace).compactMap { Port($0) }
            var reserved = PortSet()
            // The format is `8080,9148-9155`.
            for range in (SmallFile.text(at: "\(directory)/ip_local_reserved_ports") ?? "").split(separator: ",") {
                if let range = PortRange(range.trimmingSpaces()) { reserved.insert(range) }
            }
            return LocalPorts(
                firstUnprivileged: isRoot ? 1 : first ?? 1024,
                ephemeral: bounds.count == 2 ? PortRange(bounds[0], bounds[1]) : nil,
                reserved: reserved,
                systemServices: PortSet()
            )
        #else
            // The defaults of net.inet.ip.portrange.first and .last; AirPlay listens on 5000 and 7000.
            return LocalPorts(
                firstUnprivileged: isRoot ? 1 : 1024,
                ephemeral: PortRange("49152-65535"),
                reserved: PortSet(),
                systemServices: PortSet([Port(5000)!, Port(7000)!])
            )
        #endif
    }
}
