package import PortModel

#if canImport(FoundationEssentials)
    package import struct FoundationEssentials.Date
#else
    package import struct Foundation.Date
#endif

/// Where allocations live. The schema behind it enforces that no port and no identity's replica has two.
package protocol RegistryStore: Sendable {
    /// Runs `body` in one transaction that holds the write lock from its start, on the calling thread. When this
    /// returns, the changes survive a power cut; when it throws, none were made. Throws `storage_failed`, or what
    /// `body` throws.
    func write<Value>(_ body: (any RegistryTransaction) throws -> Value) throws -> Value

    /// A number that is another one after each commit, whoever made it. Throws `storage_failed`.
    func revision() throws -> Int64

    /// Runs `body` on a consistent snapshot of what was committed.
    func read<Value: Sendable>(_ body: @escaping @Sendable (any RegistryReading) throws -> Value) async throws -> Value
}

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
    func isAnythingOver(at now: Uptime) throws -> Bool

    /// The port that the identity's replica had last, while it has none.
    func rememberedPort(of identity: ServiceIdentity, replica: Int) throws -> Port?
    /// Remembered ports of the pool that no allocation has, the longest unused first.
    func longestUnusedPorts(in pool: PortPool) throws -> [Port]
    /// The app with the most allocations in the pool, and how many it has.
    func largestHolder(in pool: PortPool) throws -> (app: String, count: Int)?

    /// The folder that the detected app name was first given to.
    func projectRoot(ofApp app: String) throws -> String?
    /// The app name that was given to the folder.
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
    func allocationsToJudge(at now: Uptime, exited: Set<Owner>) throws -> [Allocation]
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
    /// Stores what changed of `old`: port, folder, details and holds. Returns it with the ids of new holds.
    func save(_ allocation: Allocation, replacing old: Allocation) throws -> Allocation
    /// Forgets the ports of all replicas.
    func forget(_ identity: ServiceIdentity) throws
    func recordProject(app: String, root: String) throws
    func record(_ entry: JournalEntry) throws
}

/// An allocation to be made.
package struct NewAllocation: Sendable {
    package var identity: ServiceIdentity
    package var replica: Int
    package var port: Port
    package var folder: String?
    package var details: AllocationDetails
    /// The id that allocations share which are made together.
    package var group: String?
    package var askerPID: Int32?
    package var knownSocket: UInt32?
    package var hold: Hold

    package init(
        identity: ServiceIdentity,
        replica: Int,
        port: Port,
        folder: String?,
        details: AllocationDetails = AllocationDetails(),
        group: String? = nil,
        askerPID: Int32? = nil,
        knownSocket: UInt32? = nil,
        hold: Hold
    ) {
        self.identity = identity
        self.replica = replica
        self.port = port
        self.folder = folder
        self.details = details
        self.group = group
        self.askerPID = askerPID
        self.knownSocket = knownSocket
        self.hold = hold
    }
}
