package import PortModel

#if canImport(FoundationEssentials)
    package import struct FoundationEssentials.Date
#else
    package import struct Foundation.Date
#endif

/// Allocations that were made together.
package struct PortGroup: Sendable {
    package let id: String
    /// In the order of their roles, at least one.
    package let allocations: [Allocation]
    /// Why a port is a poor choice, or not the expected one.
    package var warnings: [String] = []

    package var createdAt: Date { allocations.map(\.createdAt).min()! }
}
