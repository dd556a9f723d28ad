import PortModel
import PortRegistry

extension PortManager {
    /// Checks whether a socket listens on the port or is bound to it, at any local address.
    public func probe(_ port: Int) async throws(PortManagerError) -> PortProbe {
        try await mappingErrors { () async throws(RegistryError) in
            let checked = try Port(checking: port)
            return PortProbe(port: port, inUse: await registry.isInUse(checked))
        }
    }

    /// Returns every allocation of the registry, whichever program made it, in the order in which they were made.
    public func listAllocations() async throws(PortManagerError) -> [PortAllocation] {
        try await allocations(AllocationFilter())
    }

    /// Returns the allocations of an app, or of one worktree of it, in the order in which they were made.
    public func ports(ofApp app: String, worktree: String? = nil) async throws(PortManagerError) -> [PortAllocation] {
        try await allocations(AllocationFilter(app: app.trimmingSpaces(), instance: worktree?.trimmingSpaces()))
    }

    /// Returns the allocations of all apps in worktrees with this name, in the order in which they were made.
    public func ports(ofWorktree worktree: String) async throws(PortManagerError) -> [PortAllocation] {
        try await allocations(AllocationFilter(instance: worktree.trimmingSpaces()))
    }

    /// Returns the groups that have allocations, in the order in which they were made.
    public func listGroups() async throws(PortManagerError) -> [AllocatedGroup] {
        try await mappingErrors { () async throws(RegistryError) in
            try await registry.groups(matching: AllocationFilter()).map(AllocatedGroup.init)
        }
    }

    /// Returns every allocation by app, worktree and role, with the state of its port.
    public func groupedPorts() async throws(PortManagerError) -> [AppPorts] {
        try await mappingErrors { () async throws(RegistryError) in
            AppPorts.grouped(await registry.reports(on: try await registry.allocations(matching: AllocationFilter())))
        }
    }

    private func allocations(_ filter: AllocationFilter) async throws(PortManagerError) -> [PortAllocation] {
        try await mappingErrors { () async throws(RegistryError) in
            try await registry.allocations(matching: filter).map(PortAllocation.init)
        }
    }
}
