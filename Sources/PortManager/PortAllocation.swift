internal import PortModel
internal import PortRegistry

#if canImport(FoundationEssentials)
    public import struct FoundationEssentials.Date
#else
    public import struct Foundation.Date
#endif

/// A port that the registry has given to a service.
public struct PortAllocation: Hashable, Sendable {
    /// 1…65535.
    public let port: Int
    /// To the millisecond.
    public let allocatedAt: Date
    /// What was said of it, and under `app`, `worktree` and `role` whose it is, as far as that has a name.
    public let metadata: [String: String]
    /// The owner's, while the allocation lives as long as a process; else of the process that asked, which may be gone.
    public let pid: Int32?
    /// Of allocations that were made together.
    public let group: String?

    init(_ allocation: Allocation) {
        port = Int(allocation.port.number)
        allocatedAt = allocation.createdAt
        metadata = allocation.namedMetadata
        pid = allocation.holds.compactMap { $0.livingOwner?.pid }.first ?? allocation.askerPID
        group = allocation.group
    }
}

extension Allocation {
    var namedMetadata: [String: String] {
        var metadata = details.metadata
        if identity.app != ServiceIdentity.unnamedApp { metadata["app"] = identity.app }
        if identity.instance != ServiceIdentity.defaultName { metadata["worktree"] = identity.instance }
        if identity.service != ServiceIdentity.unnamedService { metadata["role"] = identity.service }
        return metadata
    }
}

/// Ports that were allocated together.
public struct AllocatedGroup: Hashable, Sendable, Identifiable {
    /// What ``PortManager/releaseGroup(_:)`` takes.
    public let id: String
    /// `unnamed` for a group that was allocated without one.
    public let app: String
    /// `default` for a group that was allocated without one.
    public let worktree: String
    /// In the order of their roles.
    public let members: [Member]

    /// One port of the group.
    public struct Member: Hashable, Sendable {
        /// `port` for a group without roles.
        public let role: String
        /// 1…65535.
        public let port: Int
    }

    /// The numbers alone.
    public var ports: [Int] { members.map(\.port) }

    /// The first port of a role.
    public subscript(role: String) -> Int? { members.first { $0.role == role }?.port }

    init(_ group: PortGroup) {
        id = group.id
        app = group.allocations[0].identity.app
        worktree = group.allocations[0].identity.instance
        members = group.allocations.map { Member(role: $0.identity.service, port: Int($0.port.number)) }
    }
}
