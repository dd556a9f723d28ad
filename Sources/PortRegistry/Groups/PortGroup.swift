package import PortModel

/// Allocations that were made together.
package struct PortGroup: Sendable {
    package let id: String
    /// At least one, in the order of the requested roles.
    package let allocations: [Allocation]
    /// Reasons why a port is a poor choice, or not the expected one; each one line.
    package var warnings: [String] = []

    /// When the first of the allocations was made.
    package var createdAt: Timestamp { allocations.map(\.createdAt).min()! }
}
