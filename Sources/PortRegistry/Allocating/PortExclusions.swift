package import PortModel

/// The ports that automatic choice never gives, each set with its reason, so that asking for one by number can say why
/// it is a poor choice.
package struct PortExclusions: Sendable {
    package enum Reason: Sendable, Hashable {
        /// Below the first port that this user may bind.
        case privileged(firstUnprivileged: Int)
        /// In the range from which the kernel takes ports for outgoing connections.
        case ephemeral(PortRange)
        /// In the kernel's list of reserved local ports.
        case reservedByKernel
        /// In the Fetch standard's list of ports that browsers refuse to connect to.
        case refusedByBrowsers
        /// A port of this daemon or of the systems it takes over from.
        case ownPort
        /// Taken by the operating system's own services.
        case systemService
        /// Excluded by the configuration.
        case configured
    }

    private var sets: [(reason: Reason, ports: PortSet)] = []
    /// All excluded ports.
    package private(set) var all = PortSet()

    package init() {}

    package mutating func exclude(_ ports: PortSet, because reason: Reason) {
        sets.append((reason, ports))
        all.formUnion(ports)
    }

    /// The kernel's range that was left out.
    package var ephemeralRange: PortRange? {
        sets.lazy.compactMap { if case .ephemeral(let range) = $0.reason { range } else { nil } }.first
    }

    /// Why automatic choice leaves `port` out; empty when it does not.
    package func reasons(for port: Port) -> [Reason] {
        sets.filter { $0.ports.contains(port) }.map(\.reason)
    }
}

extension PortExclusions.Reason {
    /// One line for people, about `port`.
    package func explanation(for port: Port) -> String {
        switch self {
        case .privileged(let first):
            "port \(port) is privileged: this user may bind \(first) and above"
        case .ephemeral(let range):
            "port \(port) lies in the kernel's ephemeral range \(range): an outgoing connection may take it"
        case .reservedByKernel:
            "port \(port) is in the kernel's list of reserved ports"
        case .refusedByBrowsers:
            "browsers refuse to connect to port \(port)"
        case .ownPort:
            "port \(port) is kept for portctl itself"
        case .systemService:
            "port \(port) is used by a service of the operating system"
        case .configured:
            "port \(port) is excluded by the configuration"
        }
    }
}

extension PortExclusions {
    /// Everything that rule 5 leaves out, from the machine's facts and the operator's wishes.
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

    /// Where the clients of seeds 003 and 004 look for their daemons.
    package static let legacyPorts = [Port(3030)!, Port(9876)!]
}
