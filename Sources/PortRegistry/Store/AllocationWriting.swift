package import PortModel

/// The changes to allocations and their holds.
package protocol AllocationWriting {
    /// The ports that are allocated, with the transaction's own changes.
    var allocatedPorts: PortSet { get }
    /// The owners of holds that are not known to have exited, with the transaction's own changes.
    var livingOwners: OwnerSet { get }

    /// Inserts the allocation with its first hold, and returns it with its id. It is created when its hold is placed.
    /// The port is remembered for the identity, unless that is anonymous.
    func insert(_ allocation: NewAllocation) throws -> Allocation
    /// Deletes the allocation with all its holds. The identity's remembered port stays, with `at` as its last use.
    func delete(_ allocation: Allocation, at: Timestamp) throws
    /// Stores what differs from `old`: port, directory, details, known socket and holds. Returns the allocation with
    /// the ids of new holds.
    func save(_ allocation: Allocation, replacing old: Allocation) throws -> Allocation
}
