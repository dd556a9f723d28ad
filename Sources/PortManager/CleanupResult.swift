import PortModel

/// What ``PortManager/cleanup()`` did.
public struct CleanupResult: Hashable, Sendable {
    /// Always true, as in the original.
    public let cleaned: Bool
    /// How many allocations ended.
    public let count: Int
}
