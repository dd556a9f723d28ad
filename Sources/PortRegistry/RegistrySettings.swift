package import PortModel

/// The part of the configuration that the rules depend on.
package struct RegistrySettings: Sendable {
    /// The pool that each face chooses from.
    package var pools: [Face: PortPool]
    /// The ports that automatic choice leaves out of every pool.
    package var exclusions: PortExclusions

    /// Creates settings. A face that `pools` leaves out has its default pool.
    package init(pools: [Face: PortPool] = [:], exclusions: PortExclusions = PortExclusions()) {
        self.pools = pools
        self.exclusions = exclusions
    }

    /// Returns the pool that `face` chooses from: the configured one, else ``Face/defaultPool``.
    package func pool(of face: Face) -> PortPool { pools[face] ?? face.defaultPool }
}

extension Face {
    /// The pool when none is configured: the range of the system that the face is compatible with. The registry face
    /// has no such range, and leaves out the ports below 3000.
    package var defaultPool: PortPool { Self.defaultPools[self]! }

    private static let defaultPools: [Face: PortPool] = [
        .registry: PortPool("3000-65535")!,
        .leases: PortPool("8000-9000")!,
        .projects: PortPool("3100-9999")!,
        .manager: PortPool("3000-3999")!,
    ]
}
