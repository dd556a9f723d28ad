package import PortModel

/// The queries about holds: who keeps the allocations, and until when.
package protocol HoldReading {
    /// Returns the allocations with a hold of `face`, oldest first.
    func allocations(heldBy face: Face) throws -> [Allocation]
    /// Returns the allocations with a hold of `face`, or of any face for `nil`, whose owner has exited; oldest first.
    func allocationsWithExitedOwners(of face: Face?) throws -> [Allocation]
    /// Returns the allocations with a hold that was renewed since ``renewalCount()`` was `count`.
    func allocations(renewedAfter count: Int64) throws -> [Allocation]
    /// Returns the number of renewals since the database was created.
    func renewalCount() throws -> Int64
    /// Whether a hold has expired at `now`, so that a transaction would end it.
    func hasExpiredHolds(at now: Uptime) throws -> Bool
    /// Returns the allocations that may have to change: those with a hold that has expired at `now` or whose owner is
    /// one of `exited`, and those that linger.
    func allocationsToReconcile(at now: Uptime, exited: Set<Owner>) throws -> [Allocation]
    /// Returns the earliest moment after `now` at which a hold ends by itself; `nil` when none does.
    func nextDeadline(after now: Uptime) throws -> Uptime?
    /// Returns the allocations that processes are living owners of, by pid; `pids` without any are left out.
    func allocationsOwned(by pids: Set<Int32>) throws -> [Int32: Set<Int64>]
    /// Whether an allocation lingers.
    func hasLingering() throws -> Bool
}
