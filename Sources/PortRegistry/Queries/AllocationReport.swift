package import PortModel

/// An allocation, and the facts about its port.
package struct AllocationReport: Hashable, Sendable {
    package let allocation: Allocation
    package let state: AllocationState
    /// Who listens, and whether they are the service.
    package let verdict: ServiceVerdict
    /// The port on which the service really listens, when it has drifted away from its own; otherwise `nil`. The
    /// verdict is that on its listener there.
    package let actualPort: Port?
    /// The processes that listen, as far as the kernel reports them, each once, in ascending order of their pids.
    package let occupiers: [Occupier]

    /// Creates a report. `isHeld` is whether a socket holds the port, and `occupancy` are its listeners; `nil` when
    /// there are none.
    init(
        _ allocation: Allocation,
        isHeld: Bool,
        occupancy: Occupancy?,
        verdict: ServiceVerdict,
        actualPort: Port? = nil
    ) {
        self.allocation = allocation
        self.actualPort = actualPort
        self.verdict = verdict
        state = AllocationState(hasHolds: !allocation.holds.isEmpty, isHeld: isHeld, verdict: verdict.verdict)
        occupiers = occupancy?.occupiers ?? []
    }

    /// The listening processes whose directory was removed: they serve what is no longer there.
    package var occupiersInRemovedDirectories: [Occupier] { occupiers.filter { $0.removedDirectory != nil } }
}
