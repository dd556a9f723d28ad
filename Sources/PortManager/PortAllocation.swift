import PortModel
import PortRegistry

#if canImport(FoundationEssentials)
    public import struct FoundationEssentials.Date
#else
    public import struct Foundation.Date
#endif

/// A port that is allocated in the registry.
public struct PortAllocation: Hashable, Sendable {
    /// The port number, 1…65535.
    public let port: Int
    /// When the port was allocated, in whole milliseconds.
    public let allocatedAt: Date
    /// The metadata of the allocation. The keys `app`, `worktree` and `role` have the names of its service; a name that
    /// was not given is missing.
    public let metadata: [String: MetadataValue]
    /// The process id of the owner if the allocation lives as long as a process, and otherwise of the process that
    /// requested it, which may have exited.
    public let pid: Int32?
    /// The id of the ``AllocatedGroup``; `nil` for a port that was not allocated in a group.
    public let group: String?

    init(_ allocation: Allocation) {
        port = Int(allocation.port.number)
        allocatedAt = Date(timeIntervalSince1970: Double(allocation.createdAt.milliseconds) / 1000)
        metadata = allocation.namedMetadata
        pid = allocation.holds.compactMap { $0.livingOwner?.pid }.first ?? allocation.requestedByPID
        group = allocation.group
    }
}

extension Allocation {
    /// The metadata with the names of the service, as ``PortAllocation/metadata`` has it.
    var namedMetadata: [String: MetadataValue] {
        var metadata = details.metadata.mapValues(MetadataValue.init)
        if identity.app != ServiceIdentity.unnamedApp { metadata["app"] = .text(identity.app) }
        if identity.instance != ServiceIdentity.defaultName { metadata["worktree"] = .text(identity.instance) }
        if identity.service != ServiceIdentity.unnamedService { metadata["role"] = .text(identity.service) }
        return metadata
    }
}
