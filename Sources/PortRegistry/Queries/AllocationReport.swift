package import PortModel

/// An allocation, and the facts about its port.
package struct AllocationReport: Hashable, Sendable {
    package let allocation: Allocation
    package let state: AllocationState
    /// The processes that listen, as far as the kernel reports them.
    package let occupiers: [Occupier]

    /// Creates a report. `isHeld` is whether a socket holds the port, and `occupancy` are its listeners; `nil` when
    /// there are none.
    package init(_ allocation: Allocation, isHeld: Bool, occupancy: Occupancy?) {
        self.allocation = allocation
        state = AllocationState(of: allocation, isHeld: isHeld, occupancy: occupancy)
        occupiers = occupancy?.occupiers ?? []
    }

    /// The listening processes whose directory was removed: they serve what is no longer there.
    package var occupiersInRemovedDirectories: [Occupier] { occupiers.filter { $0.removedDirectory != nil } }
}
