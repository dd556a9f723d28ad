package import PortModel

#if canImport(FoundationEssentials)
    package import struct FoundationEssentials.Date
#else
    package import struct Foundation.Date
#endif

/// Changes to the store, and the questions asked beside them.
package protocol RegistryTransaction: RegistryReading {
    /// Kept up to date by the transaction's own changes.
    var allocatedPorts: PortSet { get }
    /// Kept up to date by the transaction's own changes.
    var rememberedPorts: PortSet { get }
    /// The owners of holds that are not known to have exited. Kept up to date by the transaction's own changes.
    var livingOwners: OwnerSet { get }

    /// The allocations that may be about to change: those with a hold that is over at `now` or whose owner is one of
    /// `exited`, and those that linger.
    func allocationsToReconcile(at now: Uptime, exited: Set<Owner>) throws -> [Allocation]
    /// The earliest moment after `now` at which a hold ends by itself.
    func nextDeadline(after now: Uptime) throws -> Uptime?
    func hasLingering() throws -> Bool

    /// Writes what is there already. Throws as a change would.
    func touch() throws

    /// Runs `body`, and undoes what it changed when it refuses.
    func attempt<Value>(
        _ body: () throws -> Result<Value, RegistryError>
    ) throws -> Result<Value, RegistryError>

    /// Inserts the allocation with its first hold, made when the hold is placed, and remembers the port for the
    /// identity, unless that is anonymous.
    func insert(_ allocation: NewAllocation) throws -> Allocation
    /// Ends the allocation with all its holds; the identity's memory stays, last used `at`.
    func delete(_ allocation: Allocation, at: Date) throws
    /// Stores what changed of `old`: port, directory, details and holds. Returns it with the ids of new holds.
    func save(_ allocation: Allocation, replacing old: Allocation) throws -> Allocation
    /// Forgets the ports of all replicas.
    func forget(_ identity: ServiceIdentity) throws
    func recordProject(app: String, root: String) throws
    func record(_ entry: JournalEntry) throws
}
