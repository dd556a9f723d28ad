package import PortModel

/// How much of a face's pool there is to choose from.
package struct PoolUsage: Hashable, Sendable {
    package var face: Face
    package var pool: PortPool
    /// Ports that automatic choice may give.
    package var usable: Int
    /// Of those, the ones that are allocated.
    package var allocated: Int
}
