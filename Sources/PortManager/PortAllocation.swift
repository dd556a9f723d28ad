import PortModel
import PortRegistry

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
        pid = allocation.holds.compactMap { $0.livingOwner?.pid }.first ?? allocation.requestedByPID
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
