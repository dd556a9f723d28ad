import PortModel
import PortRegistry

/// Queries see the changes that the transaction has made so far.
extension SQLiteTransaction {
    func allocation(id: Int64) throws -> Allocation? { try reading.allocation(id: id) }

    func allocation(on port: Port) throws -> Allocation? { try reading.allocation(on: port) }

    func allocations(matching filter: AllocationFilter) throws -> [Allocation] {
        try reading.allocations(matching: filter)
    }

    func hasAllocations(ofApp app: String) throws -> Bool { try reading.hasAllocations(ofApp: app) }

    func allocations(of identity: ServiceIdentity) throws -> [Allocation] { try reading.allocations(of: identity) }

    func unusedReplica(of identity: ServiceIdentity) throws -> Int { try reading.unusedReplica(of: identity) }

    func allocations(named name: String) throws -> [Allocation] { try reading.allocations(named: name) }

    func allocations(heldBy face: Face) throws -> [Allocation] { try reading.allocations(heldBy: face) }

    func allocationsWithExitedOwners(of face: Face?) throws -> [Allocation] {
        try reading.allocationsWithExitedOwners(of: face)
    }

    func allocationCount() throws -> Int { try reading.allocationCount() }

    func rememberedPort(of identity: ServiceIdentity, replica: Int) throws -> Port? {
        try reading.rememberedPort(of: identity, replica: replica)
    }

    func leastRecentlyUsedPorts(in pool: PortPool) throws -> [Port] { try reading.leastRecentlyUsedPorts(in: pool) }

    func hasExpiredHolds(at now: Uptime) throws -> Bool { try reading.hasExpiredHolds(at: now) }

    func largestHolder(in pool: PortPool) throws -> (app: String, count: Int)? {
        try reading.largestHolder(in: pool)
    }

    func project(ofApp app: String) throws -> RecordedProject? { try reading.project(ofApp: app) }

    func project(atRoot root: String) throws -> RecordedProject? { try reading.project(atRoot: root) }

    func projects(withInode inode: UInt64) throws -> [RecordedProject] { try reading.projects(withInode: inode) }

    func integrityFaults() throws -> [String] { try reading.integrityFaults() }

    func damagedPredecessors() throws -> [String] { try reading.damagedPredecessors() }

    func allocations(renewedAfter count: Int64) throws -> [Allocation] {
        try reading.allocations(renewedAfter: count)
    }

    func renewalCount() throws -> Int64 { try reading.renewalCount() }
}
