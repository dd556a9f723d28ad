package import PortModel

/// The queries of the store. All of them read one consistent state, and throw when the database fails.
package protocol RegistryReading {
    /// Returns the allocation with that id; `nil` when there is none, or it has ended.
    func allocation(id: Int64) throws -> Allocation?
    /// Returns the allocation of `port`; `nil` when it is not allocated.
    func allocation(on port: Port) throws -> Allocation?
    /// Returns the allocations of the identity, ordered by replica.
    func allocations(of identity: ServiceIdentity) throws -> [Allocation]
    /// Returns the lowest replica that the identity has no allocation for.
    func unusedReplica(of identity: ServiceIdentity) throws -> Int
    /// Returns what NAME may stand for: the allocations of every `…/…/NAME` and of `NAME/default/default`, oldest
    /// first.
    func allocations(named name: String) throws -> [Allocation]
    /// Returns the allocations with a hold of `face`, oldest first.
    func allocations(heldBy face: Face) throws -> [Allocation]
    /// Returns the allocations with a hold of `face`, or of any face for `nil`, whose owner has exited; oldest first.
    func allocationsWithExitedOwners(of face: Face?) throws -> [Allocation]
    /// Returns the allocations that match, oldest first.
    func allocations(matching filter: AllocationFilter) throws -> [Allocation]
    /// Whether an allocation has that app.
    func hasAllocations(ofApp app: String) throws -> Bool
    /// Returns the number of allocations. Throws `storage_failed` also when the database file was removed or replaced.
    func allocationCount() throws -> Int
    /// Whether a hold has expired at `now`, so that a transaction would end it.
    func hasExpiredHolds(at now: Uptime) throws -> Bool

    /// Returns the port that the identity's replica had last; `nil` when none is remembered.
    func rememberedPort(of identity: ServiceIdentity, replica: Int) throws -> Port?
    /// Returns the remembered ports of the pool that are not allocated, the least recently used first.
    func leastRecentlyUsedPorts(in pool: PortPool) throws -> [Port]
    /// Returns the app with the most allocations in the pool, and how many it has; `nil` for a pool without
    /// allocations.
    func largestHolder(in pool: PortPool) throws -> (app: String, count: Int)?

    /// Returns the project that has the detected app name; `nil` when no project has it.
    func project(ofApp app: String) throws -> RecordedProject?
    /// Returns the project at `root`; `nil` when the project is not recorded.
    func project(atRoot root: String) throws -> RecordedProject?
    /// Returns the projects whose root had that inode.
    func projects(withInode inode: UInt64) throws -> [RecordedProject]

    /// Returns what SQLite's integrity check reports, one fault each; empty when the database is intact.
    func integrityFaults() throws -> [String]
    /// Returns the paths of the damaged databases that this one was recovered from.
    func damagedPredecessors() throws -> [String]

    /// Returns the newest `limit` journal entries, newest first.
    func journal(limit: Int) throws -> [JournalEntry]
    /// Returns the journal entries with a greater id, oldest first.
    func journal(after id: Int64) throws -> [JournalEntry]
    /// Returns the allocations with a hold that was renewed since ``renewalCount()`` was `count`.
    func allocations(renewedAfter count: Int64) throws -> [Allocation]
    /// Returns the number of renewals since the database was created.
    func renewalCount() throws -> Int64
    /// Returns the newest `limit` journal entries about `port`, newest first.
    func journal(about port: Port, limit: Int) throws -> [JournalEntry]
}
