package import PortModel

extension Registry {
    /// Renews the holds of the caller's face on an allocation, as a heartbeat does, and returns the allocation. Throws
    /// `allocation_not_found`, `lease_not_found` when a heartbeat renews none of them, or `storage_failed`.
    package func heartbeat(id: Int64, by caller: Caller) async throws(RegistryError) -> Allocation {
        try await heartbeat(subject: "\(id)", by: caller) { try $0.allocation(id: id) }
    }

    /// Does what ``heartbeat(id:by:)`` does for the allocation of `port`.
    package func heartbeat(port: Port, by caller: Caller) async throws(RegistryError) -> Allocation {
        try await heartbeat(subject: "\(port)", by: caller) { try $0.allocation(on: port) }
    }

    private func heartbeat(
        subject: String,
        by caller: Caller,
        find: @escaping @Sendable (any AllocationReading) throws -> Allocation?
    ) async throws(RegistryError) -> Allocation {
        try await committer.perform { context in
            guard let allocation = try find(context.transaction) else {
                return .failure(.allocationNotFound(subject: subject))
            }
            guard let renewed = allocation.renewed(for: caller.face, at: context.now, uptime: context.uptime) else {
                return .failure(
                    RegistryError(
                        .leaseNotFound,
                        "\(allocation.identity.machineWideName) has no lease to renew on port \(allocation.port)",
                        subject: subject,
                        remedies: [.advice("its lease has expired, or it needs no heartbeats; allocate again")],
                        holder: allocation
                    )
                )
            }
            return .success(try context.save(renewed, replacing: allocation))
        }
    }

    /// Ends the holds of the caller's face whose owners have exited, without waiting for their grace periods. Returns
    /// the allocations that ended. One whose port is still listened on lingers instead. Throws `storage_failed`.
    package func cleanUp(by caller: Caller) async throws(RegistryError) -> [Allocation] {
        try await committer.perform { context in
            var ended: [Allocation] = []
            for allocation in try context.transaction.allocationsWithExitedOwners(of: caller.face) {
                let remaining = allocation.withoutExitedOwners(of: caller.face)
                if !remaining.holds.isEmpty {
                    try context.save(remaining, replacing: allocation)
                } else if try context.isInUse(allocation) {
                    try context.linger(remaining, replacing: allocation)
                } else {
                    try context.end(allocation, .expired, by: caller)
                    ended.append(allocation)
                }
            }
            return .success(ended)
        }
    }

    /// Ends every hold of the caller's face. Returns the allocations that ended. One that another face holds, too,
    /// stays. Throws `storage_failed`.
    package func releaseAll(by caller: Caller) async throws(RegistryError) -> [Allocation] {
        try await committer.perform { context in
            var ended: [Allocation] = []
            for allocation in try context.transaction.allocations(heldBy: caller.face) {
                var remaining = allocation
                remaining.holds.removeAll { $0.face == caller.face }
                if remaining.holds.isEmpty {
                    try context.end(allocation, .released, by: caller)
                    ended.append(allocation)
                } else {
                    try context.save(remaining, replacing: allocation)
                }
            }
            return .success(ended)
        }
    }

    /// Has the server of a lingering allocation hold it, if it is proven to be the service's own. Throws
    /// `storage_failed`.
    func hold(_ lingering: Allocation) async throws(RegistryError) {
        try await committer.perform { context in
            guard let allocation = try context.transaction.allocation(id: lingering.id), allocation.holds.isEmpty,
                let heir = try context.heir(of: allocation)
            else { return .success(()) }
            var held = allocation
            held.holds = [heir.hold(continuing: nil)]
            try context.save(held, replacing: allocation)
            try context.recordHeir(heir, of: allocation, face: .registry)
            return .success(())
        }
    }

    /// Ends expired holds. Every transaction does this first; call it to do so while there are no requests.
    /// Returns when to call it again; `nil` if there is nothing to do before the next request. Throws `storage_failed`.
    @discardableResult
    package func expireHolds() async throws(RegistryError) -> Uptime? {
        try await committer.perform { context in
            let next = try context.transaction.nextDeadline(after: context.uptime)
            // The kernel does not announce that a listener closes, so lingering ports are checked once a second.
            let nextCheck = try context.transaction.hasLingering() ? context.uptime.advanced(bySeconds: 1) : nil
            return .success([next, nextCheck].compactMap(\.self).min { $0.milliseconds < $1.milliseconds })
        }
    }
}
