import PortModel
import PortRegistry

extension PortManager {
    /// Whether anything holds the port: a socket that listens, or is bound to it, at any local address.
    public func probe(_ port: Int) async throws(PortManagerError) -> PortProbe {
        try await mappingErrors { () async throws(RegistryError) in
            let checked = try Port(checking: port)
            return PortProbe(port: port, inUse: registry.isInUse(checked))
        }
    }

    /// Every allocation of the registry, whoever made it, in the order they were made.
    public func listAllocations() async throws(PortManagerError) -> [PortAllocation] {
        try await allocations(AllocationFilter())
    }

    /// The ports of an app, or of one worktree of it.
    public func ports(ofApp app: String, worktree: String? = nil) async throws(PortManagerError) -> [PortAllocation] {
        try await allocations(AllocationFilter(app: app.trimmingSpaces(), instance: worktree?.trimmingSpaces()))
    }

    /// The ports of every app in a worktree of that name.
    public func ports(ofWorktree worktree: String) async throws(PortManagerError) -> [PortAllocation] {
        try await allocations(AllocationFilter(instance: worktree.trimmingSpaces()))
    }

    /// The groups that have allocations, in the order they were made.
    public func listGroups() async throws(PortManagerError) -> [AllocatedGroup] {
        try await mappingErrors { () async throws(RegistryError) in
            try await registry.groups(matching: AllocationFilter()).map(AllocatedGroup.init)
        }
    }

    /// Everything by app, worktree and role, with what really is on each port.
    public func groupedPorts() async throws(PortManagerError) -> [AppPorts] {
        try await mappingErrors { () async throws(RegistryError) in
            AppPorts.grouped(registry.reports(on: try await registry.allocations(matching: AllocationFilter())))
        }
    }

    /// Who listens on the port; `nil` when nobody does.
    public func detectOccupier(_ port: Int) async throws(PortManagerError) -> PortOccupier? {
        try await mappingErrors { () async throws(RegistryError) in
            let port = try Port(checking: port)
            return try registry.occupancy(of: port).map { PortOccupier($0.occupiers.first, on: port) }
        }
    }

    /// Ends the process that listens on the port, and returns once the port is closed: SIGTERM, and with `force`, after
    /// three seconds, SIGKILL. Throws for whatever is never killed, such as another user's process or this program,
    /// when it cannot be known who listens, and when the port is still listened on afterwards.
    @discardableResult
    public func killOccupier(_ port: Int, force: Bool = false) async throws(PortManagerError) -> KillResult {
        try await mappingErrors { () async throws(RegistryError) in
            do throws(RegistryError) {
                let kill = try await registry.kill(port: try Port(checking: port), pid: nil, force: force, by: caller)
                return KillResult(killed: true, pid: kill.target.pid, processName: kill.target.name)
            } catch {
                guard error.code == .notListening else { throw error }
                return KillResult(killed: false, pid: nil, processName: nil)
            }
        }
    }

    /// Allocates a certain port. With `killIfOccupied` the process that listens there is ended, as
    /// ``killOccupier(_:force:)`` does it; without, or when the port is allocated to somebody, this throws.
    public func reserve(
        _ port: Int,
        killIfOccupied: Bool = false,
        force: Bool = false,
        metadata: [String: String] = [:]
    ) async throws(PortManagerError) -> PortReservation {
        try await mappingErrors { () async throws(RegistryError) in
            let checked = try Port(checking: port)
            var request = try self.request(metadata, .untilReleased)
            request.port = checked
            request.whenAllocated = .furtherUnlessHeld
            let reservation = try await registry.reserve(
                request,
                killIfOccupied: killIfOccupied,
                pid: nil,
                force: force,
                by: caller
            )
            return PortReservation(
                port: port,
                wasOccupied: reservation.wasOccupied,
                killed: reservation.wasOccupied ? reservation.wasKilled : nil,
                occupier: reservation.wasOccupied ? PortOccupier(reservation.occupier, on: checked) : nil
            )
        }
    }

    private func allocations(_ filter: AllocationFilter) async throws(PortManagerError) -> [PortAllocation] {
        try await mappingErrors { () async throws(RegistryError) in
            try await registry.allocations(matching: filter).map(PortAllocation.init)
        }
    }
}
