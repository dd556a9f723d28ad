import PortModel
import PortRegistry

extension PortManager {
    /// Allocates a free port of `range`, by preference the lowest, and returns its number.
    ///
    /// A port is free if it is not allocated and no socket listens on it or is bound to it. Each call allocates a
    /// further port. The keys `app`, `worktree` and `role` of `metadata` name the service that gets the port; a service
    /// with a name gets the port that it had last, if that is free. All other keys are stored with the allocation.
    /// Without a `range` the port comes from ``range``. Ports that the kernel reserves or takes for outgoing
    /// connections are allocated only when there are no others, with a warning (``Options/onWarning``).
    ///
    /// Throws ``PortManagerError``: `pool_full` when no port of the range is free.
    public func allocate(
        in range: ClosedRange<Int>? = nil,
        metadata: [String: MetadataValue] = [:],
        lifetime: Lifetime = .untilReleased
    ) async throws(PortManagerError) -> Int {
        try await mappingErrors { () async throws(RegistryError) in
            var request = try self.request(metadata, lifetime)
            request.pool = try pool(range)
            return port(try await registry.allocate(request, by: caller))
        }
    }

    /// Allocates `preferred` if it is free, and otherwise the next free port of the `range` ports that begin there.
    /// Returns its number.
    ///
    /// `metadata` has the meaning that it has in ``allocate(in:metadata:lifetime:)``. Throws ``PortManagerError``:
    /// `pool_full` when none of the ports is free.
    public func acquirePort(
        _ preferred: Int = 3000,
        _ range: Int = 100,
        metadata: [String: MetadataValue] = [:]
    ) async throws(PortManagerError) -> Int {
        try await mappingErrors { () async throws(RegistryError) in
            var request = try self.request(metadata, .untilReleased)
            guard range > 0 else {
                throw RegistryError(.invalidRequest, "a range of \(range) ports cannot be searched", subject: "range")
            }
            request.preferred = try Port(checking: preferred)
            request.pool = try pool(preferred...max(preferred, min(preferred - 1 + min(range, 65535), 65535)))
            return port(try await registry.allocate(request, by: caller))
        }
    }

    /// Allocates a specific port, optionally killing the process that listens on it.
    ///
    /// With `killIfOccupied` the process is ended as ``killOccupier(_:force:)`` does it. `metadata` has the meaning
    /// that it has in ``allocate(in:metadata:lifetime:)``.
    ///
    /// Throws ``PortManagerError``: `port_in_use` for an occupied port without `killIfOccupied`, and `port_allocated`
    /// for an allocated port, whose process is never ended.
    public func reserve(
        _ port: Int,
        killIfOccupied: Bool = false,
        force: Bool = false,
        metadata: [String: MetadataValue] = [:]
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
            report(reservation.grant.warnings)
            return PortReservation(
                port: port,
                wasOccupied: reservation.wasOccupied,
                killed: reservation.wasOccupied ? reservation.wasKilled : nil,
                occupier: reservation.wasOccupied ? PortOccupier(reservation.occupier, on: checked) : nil
            )
        }
    }

    /// Ends the allocation of a port, whichever program made it. Returns `false` when the port was not allocated.
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

    /// Ends the allocation of a port; another name for ``release(_:)``.
    @discardableResult
    public func releasePort(_ port: Int) async throws(PortManagerError) -> Bool { try await release(port) }

    /// Renews an allocation with the lifetime ``Lifetime/seconds(_:)``, whose time starts again. Throws
    /// ``PortManagerError``: `lease_not_found` when the allocation has expired.
    public func renew(_ port: Int) async throws(PortManagerError) {
        try await mappingErrors { () async throws(RegistryError) in
            _ = try await registry.heartbeat(port: try Port(checking: port), by: caller)
        }
    }

    /// Ends every allocation that was made with this library or `port-manager`, in this program or another.
    ///
    /// An allocation that `portctl` or another client holds as well stays allocated to that client.
    @discardableResult
    public func cleanup() async throws(PortManagerError) -> CleanupResult {
        try await mappingErrors { () async throws(RegistryError) in
            CleanupResult(cleaned: true, count: try await registry.releaseAll(by: caller).count)
        }
    }

    /// Allocates `count` ports (1…1000), or none if it throws.
    ///
    /// `roles` names each port, and the same role may occur several times; without roles the ports have no names. With
    /// `contiguous` the port numbers are consecutive. `metadata` has the meaning that it has in
    /// ``allocate(in:metadata:lifetime:)``, except that it must not contain `role`.
    ///
    /// Throws ``PortManagerError``: `pool_full` when the range does not have enough free ports.
    public func allocateGroup(
        _ count: Int,
        roles: [String] = [],
        metadata: [String: MetadataValue] = [:],
        in range: ClosedRange<Int>? = nil,
        contiguous: Bool = false,
        lifetime: Lifetime = .untilReleased
    ) async throws(PortManagerError) -> AllocatedGroup {
        try await mappingErrors { () async throws(RegistryError) in
            guard metadata["role"] == nil else {
                throw RegistryError(.invalidRequest, "name the ports of a group with roles", subject: "metadata")
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
            let group = try await registry.allocate(request, by: caller)
            report(group.warnings)
            return AllocatedGroup(group)
        }
    }

    /// Ends the allocations of a group. Returns `false` when it has none.
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

    /// Returns a request for a further port, for the service that `metadata` names.
    func request(_ metadata: [String: MetadataValue], _ lifetime: Lifetime) throws(RegistryError) -> AllocationRequest {
        var rest = metadata
        func takeName(_ key: String) throws(RegistryError) -> String? {
            guard let value = rest.removeValue(forKey: key), value != .null else { return nil }
            guard let text = value.text else {
                throw RegistryError(.invalidRequest, "metadata \"\(key)\" must be text", subject: "metadata")
            }
            return text
        }
        var request = AllocationRequest(
            identity: try ServiceIdentity(
                app: try takeName("app"),
                worktree: try takeName("worktree"),
                role: try takeName("role")
            )
        )
        request.whenAllocated = .further
        request.metadata = rest.mapValues(\.json)
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
