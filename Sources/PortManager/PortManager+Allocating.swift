import PortModel
import PortRegistry

extension PortManager {
    /// Gives a free port, the lowest of `range` that nobody has and nothing listens on.
    ///
    /// `metadata` is stored with it; its `app`, `worktree` and `role` say whose the port is, and a service with a name
    /// gets the port that it had last. Each call gives a further port.
    public func allocate(
        in range: ClosedRange<Int>? = nil,
        metadata: [String: String] = [:],
        lifetime: Lifetime = .untilReleased
    ) async throws(PortManagerError) -> Int {
        try await mappingErrors { () async throws(RegistryError) in
            var request = try self.request(metadata, lifetime)
            request.pool = try pool(range)
            return Int(try await registry.allocate(request, by: caller).allocation.port.number)
        }
    }

    /// Gives `preferred` if it is free, else the next free one of `range` ports from there on.
    public func acquirePort(
        _ preferred: Int = 3000,
        _ range: Int = 100,
        metadata: [String: String] = [:]
    ) async throws(PortManagerError) -> Int {
        try await mappingErrors { () async throws(RegistryError) in
            var request = try self.request(metadata, .untilReleased)
            guard range > 0 else {
                throw RegistryError(.invalidRequest, "a range of \(range) ports cannot be searched", subject: "range")
            }
            request.preferred = try Port(checking: preferred)
            request.pool = try pool(preferred...max(preferred, min(preferred - 1 + min(range, 65535), 65535)))
            return Int(try await registry.allocate(request, by: caller).allocation.port.number)
        }
    }

    /// Ends the allocation of a port, whoever made it. Returns whether there was one.
    @discardableResult
    public func release(_ port: Int) async throws(PortManagerError) -> Bool {
        try await mappingErrors { () async throws(RegistryError) in
            do throws(RegistryError) {
                _ = try await registry.release(port: try Port(checking: port), by: caller)
                return true
            } catch {
                guard error.code == .allocationNotFound else { throw error }
                return false
            }
        }
    }

    /// As ``release(_:)``.
    @discardableResult
    public func releasePort(_ port: Int) async throws(PortManagerError) -> Bool { try await release(port) }

    /// Renews an allocation that lives for ``Lifetime/seconds(_:)``. Throws `lease_not_found` when its time is over.
    public func renew(_ port: Int) async throws(PortManagerError) {
        try await mappingErrors { () async throws(RegistryError) in
            _ = try await registry.heartbeat(port: try Port(checking: port), by: caller)
        }
    }

    /// Ends every allocation that was made by this library or `port-manager`, in this program or another. What other
    /// faces of the registry hold, too, stays theirs.
    @discardableResult
    public func cleanup() async throws(PortManagerError) -> CleanupResult {
        try await mappingErrors { () async throws(RegistryError) in
            CleanupResult(cleaned: true, count: try await registry.releaseAll(by: caller).count)
        }
    }

    /// Gives `count` ports (1…1000), or none of them and an error. `roles` name each one, and may repeat; without roles
    /// they have no names. With `contiguous` they follow one another.
    public func allocateGroup(
        _ count: Int,
        roles: [String] = [],
        metadata: [String: String] = [:],
        in range: ClosedRange<Int>? = nil,
        contiguous: Bool = false,
        lifetime: Lifetime = .untilReleased
    ) async throws(PortManagerError) -> AllocatedGroup {
        try await mappingErrors { () async throws(RegistryError) in
            guard metadata["role"] == nil else {
                throw RegistryError(.invalidRequest, "a group's ports are named by roles", subject: "metadata")
            }
            let named = try self.request(metadata, lifetime)
            var request = try GroupRequest(
                count: count,
                roles: roles,
                app: named.identity.app,
                instance: named.identity.instance
            )
            request.pool = try pool(range)
            request.isContiguous = contiguous
            request.hold = named.hold
            request.metadata = named.metadata
            return AllocatedGroup(try await registry.allocate(request, by: caller))
        }
    }

    /// Ends a group's allocations. Returns whether there were any.
    @discardableResult
    public func releaseGroup(_ id: String) async throws(PortManagerError) -> Bool {
        try await mappingErrors { () async throws(RegistryError) in
            do throws(RegistryError) {
                _ = try await registry.release(group: id, by: caller)
                return true
            } catch {
                guard error.code == .groupNotFound else { throw error }
                return false
            }
        }
    }

    /// A request for a further port, named and held as the caller said.
    func request(_ metadata: [String: String], _ lifetime: Lifetime) throws(RegistryError) -> AllocationRequest {
        var rest = metadata
        var request = AllocationRequest(
            identity: try ServiceIdentity(
                app: rest.removeValue(forKey: "app"),
                worktree: rest.removeValue(forKey: "worktree"),
                role: rest.removeValue(forKey: "role")
            )
        )
        request.whenAllocated = .further
        request.metadata = rest
        switch lifetime {
        case .untilReleased: request.hold = .permanent
        case .process(let pid, let grace):
            request.hold = try RequestedHold(face: .manager, ttl: nil, ownerPID: Int(pid), grace: grace)
        case .seconds(let seconds):
            request.hold = try RequestedHold(face: .manager, ttl: seconds, ownerPID: nil, grace: nil)
        }
        return request
    }
}
