package import PortModel

/// What the registry finds about itself and the machine.
package struct Diagnosis: Sendable {
    /// What SQLite's own check says; empty when all is well.
    package var databaseFaults: [String]
    /// The paths of damaged databases in whose place this one was made.
    package var damagedPredecessors: [String]
    /// Why nothing can be written; `nil` when it can.
    package var writingFault: RegistryError?
    /// Why the kernel does not say who listens; `nil` when it does.
    package var listenersFault: RegistryError?
    /// Now, which may be another one than automatic choice leaves out.
    package var ephemeralRange: PortRange?
    /// Of the ports that automatic choice leaves out, read when the registry was opened.
    package var excludedRange: PortRange?
    package var pools: [PoolUsage]
    /// Allocations whose port a stranger has.
    package var conflicts: [AllocationReport]
}
