#if canImport(FoundationEssentials)
    package import struct FoundationEssentials.Date
#else
    package import struct Foundation.Date
#endif

/// The registry's claim that a port belongs to a service.
package struct Allocation: Hashable, Sendable {
    /// Never used twice in one database.
    package let id: Int64
    package let identity: ServiceIdentity
    /// 0 for an identity's first port, 1, 2… for further ones.
    package let replica: Int
    package var port: Port
    /// The checkout that the service belongs to, when the identity was detected from a directory.
    package var directory: String?
    package let createdAt: Date
    package var details: AllocationDetails
    /// The id that allocations share which were made together; `nil` for one that was made alone.
    package let group: String?
    /// The process that asked for it first; `nil` when that is not known. For people: it may be gone, and another have
    /// its number.
    package let requestedByPID: Int32?
    /// The inode of a listening socket that was there when the port was asked for, and was nobody's but the service's.
    package var knownSocket: UInt32?
    /// None once the last is over while the port is still listened on: the allocation lingers.
    package var holds: [Hold]

    package init(
        id: Int64,
        identity: ServiceIdentity,
        replica: Int,
        port: Port,
        directory: String?,
        createdAt: Date,
        details: AllocationDetails = AllocationDetails(),
        group: String? = nil,
        requestedByPID: Int32? = nil,
        knownSocket: UInt32? = nil,
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

    /// When a request made or renewed the allocation last.
    package var lastSeen: Date { holds.map(\.renewedAt).max() ?? createdAt }

    /// The longest time to live that was asked for, in seconds; `nil` when nothing ends by time.
    package var ttl: Int? { holds.compactMap(\.ttl).max() }

    /// Whether something keeps it but an exited owner's grace or a listener.
    package var isAlive: Bool { holds.contains { $0.owner == nil || $0.livingOwner != nil } }

    /// Whether an owner lives, as far as anybody has seen.
    package var hasLivingOwner: Bool { holds.contains { $0.livingOwner != nil } }
}
