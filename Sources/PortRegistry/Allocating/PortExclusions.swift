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
    }

    private var sets: [(reason: Reason, ports: PortSet)] = []
    /// All excluded ports.
    package private(set) var all = PortSet()

    /// Creates a value that excludes nothing.
    package init() {}

    /// Excludes `ports`.
    package mutating func exclude(_ ports: PortSet, because reason: Reason) {
        sets.append((reason, ports))
        all.formUnion(ports)
    }

    /// The kernel's ephemeral range, if it is excluded.
    package var ephemeralRange: PortRange? {
        sets.lazy.compactMap { if case .ephemeral(let range) = $0.reason { range } else { nil } }.first
    }

    /// Returns why `port` is excluded; empty when it is not.
    package func reasons(for port: Port) -> [Reason] {
        sets.filter { $0.ports.contains(port) }.map(\.reason)
    }
}

extension PortExclusions.Reason {
    /// Returns a sentence for people that says why `port` is a poor choice.
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
