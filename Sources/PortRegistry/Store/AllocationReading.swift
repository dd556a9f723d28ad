package import PortModel

/// The queries about allocations.
package protocol AllocationReading {
    /// Returns the allocation with that id; `nil` when there is none, or it has ended.
    func allocation(id: Int64) throws -> Allocation?
    /// Returns the allocation of `port`; `nil` when it is not allocated.
    func allocation(on port: Port) throws -> Allocation?
    /// Returns the allocations of the ports, oldest first; ports that are not allocated have none.
    func allocations(on ports: Set<Port>) throws -> [Allocation]
    /// Returns the allocations of the identity, ordered by replica.
    func allocations(of identity: ServiceIdentity) throws -> [Allocation]
    /// Returns the lowest replica that the identity has no allocation for.
    func unusedReplica(of identity: ServiceIdentity) throws -> Int
    /// Returns what NAME may stand for: the allocations of every `…/…/NAME` and of `NAME/default/default`, oldest
    /// first.
    func allocations(named name: String) throws -> [Allocation]
    /// Returns the allocations that match, oldest first.
    func allocations(matching filter: AllocationFilter) throws -> [Allocation]
    /// Returns the first ports, those of replica 0, of the instance's services; at most `limit`, ordered by name.
    func firstPorts(ofApp app: String, instance: String, limit: Int) throws -> [(service: String, port: Port)]
    /// Whether an allocation has that app.
    func hasAllocations(ofApp app: String) throws -> Bool
    /// Returns the number of allocations. Throws `storage_failed` also when the database file was removed or replaced.
    func allocationCount() throws -> Int
    /// Returns the app with the most allocations in the pool, and how many it has; `nil` for a pool without
    /// allocations.
    func largestHolder(in pool: PortPool) throws -> (app: String, count: Int)?
}
