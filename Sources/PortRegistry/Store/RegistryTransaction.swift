package import PortModel

#if canImport(FoundationEssentials)
    package import struct FoundationEssentials.Date
#else
    package import struct Foundation.Date
#endif

/// The changes that a transaction can make, beside its queries. All of them throw when the database fails.
package protocol RegistryTransaction: RegistryReading {
    /// The ports that are allocated, with the transaction's own changes.
    var allocatedPorts: PortSet { get }
    /// The ports that identities remember, with the transaction's own changes.
    var rememberedPorts: PortSet { get }
    /// The owners of holds that are not known to have exited, with the transaction's own changes.
    var livingOwners: OwnerSet { get }

    /// Returns the allocations that may have to change: those with a hold that has expired at `now` or whose owner is
    /// one of `exited`, and those that linger.
    func allocationsToReconcile(at now: Uptime, exited: Set<Owner>) throws -> [Allocation]
    /// Returns the earliest moment after `now` at which a hold ends by itself; `nil` when none does.
    func nextDeadline(after now: Uptime) throws -> Uptime?
    /// Whether an allocation lingers.
    func hasLingering() throws -> Bool

    /// Writes a value that is already there, to find out whether the database can be written.
    func touch() throws

    /// Runs `body`, and rolls back its changes when it returns a refusal.
    func attempt<Value>(
        _ body: () throws -> Result<Value, RegistryError>
    ) throws -> Result<Value, RegistryError>

    /// Inserts the allocation with its first hold, and returns it with its id. It is created when its hold is placed.
    /// The port is remembered for the identity, unless that is anonymous.
    func insert(_ allocation: NewAllocation) throws -> Allocation
    /// Deletes the allocation with all its holds. The identity's remembered port stays, with `at` as its last use.
    func delete(_ allocation: Allocation, at: Date) throws
    /// Stores what differs from `old`: port, directory, details, known socket and holds. Returns the allocation with
    /// the ids of new holds.
    func save(_ allocation: Allocation, replacing old: Allocation) throws -> Allocation
    /// Remembers `port` for the replica, in place of another one, with `at` as its last use. Does nothing for an
    /// anonymous identity.
    func remember(_ identity: ServiceIdentity, replica: Int, port: Port, at: Date) throws

    /// Deletes the remembered ports of all replicas.
    func forget(_ identity: ServiceIdentity) throws
    /// Records that the detected app name belongs to the project's root. An identity of that root that is recorded
    /// already is kept when the project has none.
    func record(_ project: RecordedProject) throws
    /// Appends an entry to the journal.
    func record(_ entry: JournalEntry) throws
}
