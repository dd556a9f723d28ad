package import PortModel

/// What the registry finds when it checks itself and the machine.
package struct Diagnosis: Sendable {
    /// What SQLite's integrity check reports; empty when the database is intact.
    package var databaseFaults: [String]
    /// The paths of the damaged databases that this one was recovered from.
    package var damagedPredecessors: [String]
    /// Why the database cannot be written; `nil` when it can.
    package var writingFault: RegistryError?
    /// Why the kernel does not report the listening sockets; `nil` when it does.
    package var listenersFault: RegistryError?
    /// What the system hides about processes; `nil` in the usual case.
    package var processLimit: ProcessLimit?
    /// The kernel's ephemeral range now; `nil` when the kernel does not report it. It may have changed since the
    /// registry was opened: then it differs from ``excludedRange``.
    package var ephemeralRange: PortRange?
    /// The ephemeral range that automatic choice leaves out: the one that was read when the registry was opened.
    package var excludedRange: PortRange?
    /// The most ports in a row that are not excluded; `nil` when all are.
    package var freeRange: PortRange?
    /// The pool of each face.
    package var pools: [PoolUsage]
    /// The allocations in state ``AllocationState/conflict``.
    package var conflicts: [AllocationReport]
    /// The allocations whose port is served by a process in a directory that was removed.
    package var servedFromRemovedDirectories: [AllocationReport]
}
