package import PortModel

/// The ports that automatic choice never gives, each set with its reason: a request for one by number gets the reason
/// as a warning.
package struct PortExclusions: Sendable {
    /// Why a port is excluded.
    package enum Reason: Sendable, Hashable {
        /// Below the first port that this user may bind.
        case privileged(firstUnprivileged: Int)
        /// In the range from which the kernel takes ports for outgoing connections.
        case ephemeral(PortRange)
        /// In the kernel's list of reserved local ports.
        case reservedByKernel
        /// In the Fetch standard's list of ports that browsers refuse to connect to.
        case refusedByBrowsers
        /// A port of this daemon, or of the systems that it replaces.
        case ownPort
        /// Used by a service of the operating system.
        case systemService
        /// Excluded by the configuration.
        case configured

        /// Whether automatic choice gives such ports when a pool has no others.
        var givesWay: Bool {
            switch self {
            case .ephemeral, .reservedByKernel: true
            case .privileged, .refusedByBrowsers, .ownPort, .systemService, .configured: false
            }
        }
    }

    private(set) var sets: [(reason: Reason, ports: PortSet)] = []

    /// The ports that automatic choice leaves out: at first all that are excluded; if a pool then has no port, all but
    /// those that the kernel reserves, from which it takes none for outgoing connections; at last only those that never
    /// give way. The sets get smaller.
    package private(set) var stages = Array(repeating: PortSet(), count: 3)

    /// All excluded ports.
    package var all: PortSet { stages[0] }

    /// The excluded ports that automatic choice gives in no case.
    package var unyielding: PortSet { stages[2] }

    /// Creates a value that excludes nothing.
    package init() {}

    /// Excludes `ports`.
    package mutating func exclude(_ ports: PortSet, because reason: Reason) {
        if let index = sets.firstIndex(where: { $0.reason == reason }) {
            sets[index].ports.formUnion(ports)
        } else {
            sets.append((reason, ports))
        }
        var (unyielding, ephemeral, reserved) = (PortSet(), PortSet(), PortSet())
        for (reason, ports) in sets {
            if !reason.givesWay {
                unyielding.formUnion(ports)
            } else if reason == .reservedByKernel {
                reserved.formUnion(ports)
            } else {
                ephemeral.formUnion(ports)
            }
        }
        let all = unyielding.union(ephemeral).union(reserved)
        ephemeral.subtract(reserved)
        stages = [all, unyielding.union(ephemeral), unyielding]
    }

    /// The kernel's ephemeral range, if it is excluded.
    package var ephemeralRange: PortRange? {
        sets.lazy.compactMap { if case .ephemeral(let range) = $0.reason { range } else { nil } }.first
    }

    /// The most unprivileged ports in a row that are not excluded; `nil` when there are none.
    package var largestGap: PortRange? {
        let unprivileged = PortRange(Port(1024)!, PortRange.all.upper)!
        return PortSet(PortSet(unprivileged).filter { !all.contains($0) }).ranges.max { $0.count < $1.count }
    }

    /// Returns why `port` is excluded; empty when it is not. The kernel takes no reserved port of the ephemeral range,
    /// so that range is not a reason against a reserved port.
    package func reasons(for port: Port) -> [Reason] {
        let reasons = sets.filter { $0.ports.contains(port) }.map(\.reason)
        guard reasons.contains(.reservedByKernel) else { return reasons }
        return reasons.filter { if case .ephemeral = $0 { false } else { true } }
    }
}

extension PortExclusions {
    /// Returns everything that automatic choice leaves out, from facts about the machine and the configuration. See
    /// "Automatic choice" in docs/compatibility.md.
    package static func standard(
        firstUnprivileged: Int,
        ephemeral: PortRange?,
        reserved: PortSet,
        systemServices: PortSet,
        ownPorts: [UInt16],
        configured: PortSet
    ) -> PortExclusions {
        var exclusions = PortExclusions()
        if let last = Port(firstUnprivileged - 1), let privileged = PortRange(Port(1)!, last) {
            exclusions.exclude(PortSet(privileged), because: .privileged(firstUnprivileged: firstUnprivileged))
        }
        if let ephemeral { exclusions.exclude(PortSet(ephemeral), because: .ephemeral(ephemeral)) }
        exclusions.exclude(reserved, because: .reservedByKernel)
        exclusions.exclude(BrowserRefusedPorts.all, because: .refusedByBrowsers)
        exclusions.exclude(PortSet(ownPorts.compactMap { Port($0) } + legacyPorts), because: .ownPort)
        exclusions.exclude(systemServices, because: .systemService)
        exclusions.exclude(configured, because: .configured)
        return exclusions
    }

    /// The ports that clients of PortManager leases (3030) and get-port (9876) connect to.
    package static let legacyPorts = [Port(3030)!, Port(9876)!]
}
