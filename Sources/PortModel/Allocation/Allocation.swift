/// The registry's claim that a port belongs to a service.
package struct Allocation: Hashable, Sendable {
    /// The row id, which a database never uses twice.
    package let id: Int64
    package let identity: ServiceIdentity
    /// 0 for the first port of the identity; 1, 2… for further ones.
    package let replica: Int
    package var port: Port
    /// The path of the checkout that the service belongs to; `nil` unless the identity was detected from a directory.
    package var directory: String?
    package let createdAt: Timestamp
    package var details: AllocationDetails
    /// The id of the group that the allocation was created in; `nil` for one that was created alone.
    package let group: String?
    /// The pid of the process that first requested the port; `nil` when unknown. Informational only: the process may
    /// have exited and its pid may have been reused.
    package let requestedByPID: Int32?
    /// The socket of the service itself that already listened on the port when it was requested; `nil` when there was
    /// none.
    package var knownSocket: KnownSocket?
    /// The reasons why the allocation lives. Empty when the last one has ended while a socket still listens on the
    /// port: the allocation lingers.
    package var holds: [Hold]

    package init(
        id: Int64,
        identity: ServiceIdentity,
        replica: Int,
        port: Port,
        directory: String?,
        createdAt: Timestamp,
        details: AllocationDetails = AllocationDetails(),
        group: String? = nil,
        requestedByPID: Int32? = nil,
        knownSocket: KnownSocket? = nil,
        holds: [Hold]
    ) {
        self.id = id
        self.identity = identity
        self.replica = replica
        self.port = port
        self.directory = directory
        self.createdAt = createdAt
        self.details = details
        self.group = group
        self.requestedByPID = requestedByPID
        self.knownSocket = knownSocket
        self.holds = holds
    }

    /// The time of the last request that created or renewed the allocation.
    package var lastSeen: Timestamp { holds.map(\.renewedAt).max() ?? createdAt }

    /// The longest time to live that was requested, in seconds; `nil` when no hold has one.
    package var ttl: Int? { holds.compactMap(\.ttl).max() }

    /// Whether a hold keeps the allocation, other than one that only waits out the grace of an exited owner.
    package var isAlive: Bool { holds.contains { $0.owner == nil || $0.livingOwner != nil } }

    /// Whether at least one owner has not been seen to exit.
    package var hasLivingOwner: Bool { holds.contains { $0.livingOwner != nil } }
}
