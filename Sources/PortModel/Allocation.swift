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
    package let port: Port
    /// The checkout that the service belongs to, when the identity was detected from a folder.
    package let folder: String?
    package let createdAt: Date
    /// At least one.
    package let holds: [Hold]

    package init(
        id: Int64,
        identity: ServiceIdentity,
        replica: Int,
        port: Port,
        folder: String?,
        createdAt: Date,
        holds: [Hold]
    ) {
        self.id = id
        self.identity = identity
        self.replica = replica
        self.port = port
        self.folder = folder
        self.createdAt = createdAt
        self.holds = holds
    }
}
