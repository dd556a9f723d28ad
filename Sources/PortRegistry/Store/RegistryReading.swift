package import PortModel

/// Questions to the store.
package protocol RegistryReading {
    func allocation(id: Int64) throws -> Allocation?
    func allocation(on port: Port) throws -> Allocation?
    /// All replicas, in their order.
    func allocations(of identity: ServiceIdentity) throws -> [Allocation]
    /// The lowest replica that the identity has no allocation for.
    func unusedReplica(of identity: ServiceIdentity) throws -> Int
    /// What NAME may mean: every `…/…/NAME`, and `NAME/default/default`. In the order they were made.
    func allocations(named name: String) throws -> [Allocation]
    /// Those with a hold of `face`, in the order they were made.
    func allocations(heldBy face: Face) throws -> [Allocation]
    /// Those with a hold of `face` whose owner has exited.
    func allocationsWithExitedOwners(of face: Face) throws -> [Allocation]
    /// In the order they were made.
    func allocations(matching filter: AllocationFilter) throws -> [Allocation]
    func allocationCount() throws -> Int
    /// Whether a hold's end has come, which a transaction would note.
    func hasExpiredHolds(at now: Uptime) throws -> Bool

    /// The port that the identity's replica had last, while it has none.
    func rememberedPort(of identity: ServiceIdentity, replica: Int) throws -> Port?
    /// Remembered ports of the pool that no allocation has, the longest unused first.
    func leastRecentlyUsedPorts(in pool: PortPool) throws -> [Port]
    /// The app with the most allocations in the pool, and how many it has.
    func largestHolder(in pool: PortPool) throws -> (app: String, count: Int)?

    /// The directory that the detected app name was first given to.
    func projectRoot(ofApp app: String) throws -> String?
    /// The app name that was given to the directory.
    func projectApp(atRoot root: String) throws -> String?

    /// What the store's own check finds wrong with it; empty when it is whole.
    func integrityFaults() throws -> [String]
    /// The paths of damaged databases in whose place this one was made.
    func damagedPredecessors() throws -> [String]

    /// The newest entries, the newest first.
    func journal(limit: Int) throws -> [JournalEntry]
    /// The entries with a greater id, the oldest first.
    func journal(after id: Int64) throws -> [JournalEntry]
    /// Those with a hold that was renewed since the count was that.
    func allocations(renewedAfter count: Int64) throws -> [Allocation]
    /// How many renewals there were, ever.
    func renewalCount() throws -> Int64
    /// The newest entries about one port, the newest first.
    func journal(about port: Port, limit: Int) throws -> [JournalEntry]
}
