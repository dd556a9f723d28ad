import PortModel

/// The result of ``PortManager/cleanup()``.
public struct CleanupResult: Hashable, Sendable {
    /// Always `true`; a cleanup that fails throws.
    public let cleaned: Bool
    /// The number of allocations that ended.
    public let count: Int
}
