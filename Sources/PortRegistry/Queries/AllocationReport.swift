package import PortModel

/// An allocation beside the facts about its port.
package struct AllocationReport: Hashable, Sendable {
    package let allocation: Allocation
    package let state: AllocationState
    /// Who listens, as far as the kernel tells.
    package let occupiers: [Occupier]

    /// `isHeld`: whether a socket holds the port. `occupancy`: who listens; `nil` when nobody does.
    package init(_ allocation: Allocation, isHeld: Bool, occupancy: Occupancy?) {
        self.allocation = allocation
        state = AllocationState(of: allocation, isHeld: isHeld, occupancy: occupancy)
        occupiers = occupancy?.occupiers ?? []
    }
}
