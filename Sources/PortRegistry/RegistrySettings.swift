package import PortModel

/// What the operator may set.
package struct RegistrySettings: Sendable {
    /// The pool that each face chooses from.
    package var pools: [Face: PortPool]
    /// The ports that automatic choice leaves out of every pool.
    package var exclusions: PortExclusions

    /// A face that `pools` leaves out has its default pool.
    package init(pools: [Face: PortPool] = [:], exclusions: PortExclusions = PortExclusions()) {
        self.pools = pools
        self.exclusions = exclusions
    }

    package func pool(of face: Face) -> PortPool { pools[face] ?? face.defaultPool }
}

extension Face {
    /// DESIGN rule 4.
    package var defaultPool: PortPool { Self.defaultPools[self]! }

    private static let defaultPools: [Face: PortPool] = [
        .registry: PortPool("3000-65535")!,
        .leases: PortPool("8000-9000")!,
        .projects: PortPool("3100-9999")!,
        .manager: PortPool("3000-3999")!,
    ]
}
