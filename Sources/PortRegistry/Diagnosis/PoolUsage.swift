package import PortModel

/// How much of a face's pool is in use.
package struct PoolUsage: Hashable, Sendable {
    package var face: Face
    package var pool: PortPool
    /// The number of ports that automatic choice may give.
    package var usable: Int
    /// How many of these are allocated, by any face.
    package var allocated: Int
}
