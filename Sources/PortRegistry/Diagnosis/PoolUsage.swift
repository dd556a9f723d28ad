package import PortModel

/// How much of a face's pool is in use.
package struct PoolUsage: Hashable, Sendable {
    package var face: Face
    package var pool: PortPool
    /// The number of ports that automatic choice may give: those that are not excluded or, in a pool without any, those
    /// whose exclusion gives way.
    package var usable: Int
    /// Whether the usable ports are excluded ones, which are given with a warning.
    package var isPoor: Bool
    /// How many of these are allocated, by any face.
    package var allocated: Int
}
