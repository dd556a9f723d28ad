package import PortModel

extension Registry {
    /// Renews `face`'s holds of an allocation that end without heartbeats. Throws `allocation_not_found`,
    /// `lease_not_found` when the face has no such hold (any more), or `storage_failed`.
    package func heartbeat(id: Int64, by caller: Caller) async throws(RegistryError) -> Allocation {
        try await heartbeat(subject: "\(id)", by: caller) { try $0.allocation(id: id) }
    }

    /// Like ``heartbeat(id:by:)``, by the port.
    package func heartbeat(port: Port, by caller: Caller) async throws(RegistryError) -> Allocation {
        try await heartbeat(subject: "\(port)", by: caller) { try $0.allocation(on: port) }
    }

    private func heartbeat(
        subject: String,
        by caller: Caller,
        find: @escaping @Sendable (any RegistryReading) throws -> Allocation?
    ) async throws(RegistryError) -> Allocation {
        try await committer.perform { context in
            guard let allocation = try find(context.transaction) else {
                return .failure(.allocationNotFound(subject: subject))
            }
            guard let renewed = allocation.renewed(for: caller.face, at: context.now, uptime: context.uptime) else {
                return .failure(
                    RegistryError(
                        .leaseNotFound,
                        "\(allocation.identity) has no lease to renew on port \(allocation.port)",
                        subject: subject,
                        hint: "its time to live is over, or it needs no heartbeats; allocate again",
                        holder: allocation
                    )
                )
            }
            return .success(try context.save(renewed, replacing: allocation))
        }
    }

    /// Ends the holds of the caller's face whose owners have exited, without waiting for their grace. Returns the
    /// allocations that ended by it; one whose port is still listened on lingers instead. Throws `storage_failed`.
    package func cleanUp(by caller: Caller) async throws(RegistryError) -> [Allocation] {
        try await committer.perform { context in
            var ended: [Allocation] = []
            for allocation in try context.transaction.allocationsWithExitedOwners(of: caller.face) {
                let rest = allocation.withoutExitedOwners(of: caller.face)
                if !rest.holds.isEmpty {
                    try context.save(rest, replacing: allocation)
                } else if context.isHeld(allocation.port) {
                    try context.linger(rest, replacing: allocation)
                } else {
                    try context.end(allocation, .expired, by: caller)
                    ended.append(allocation)
                }
            }
            return .success(ended)
        }
    }

    /// Ends every hold of the caller's face. Returns the allocations that ended by it; one that others hold, too, stays.
    /// Throws `storage_failed`.
    package func releaseAll(by caller: Caller) async throws(RegistryError) -> [Allocation] {
        try await committer.perform { context in
            var ended: [Allocation] = []
            for allocation in try context.transaction.allocations(heldBy: caller.face) {
                var rest = allocation
                rest.holds.removeAll { $0.face == caller.face }
                if rest.holds.isEmpty {
                    try context.end(allocation, .released, by: caller)
                    ended.append(allocation)
                } else {
                    try context.save(rest, replacing: allocation)
                }
            }
            return .success(ended)
        }
    }

    /// Ends what is over now. Every request does that, too; this is for the moments without requests. Returns when it
    /// must be done again; `nil`: not before the next request. Throws `storage_failed`.
    @discardableResult
    package func expireHolds() async throws(RegistryError) -> Uptime? {
        try await committer.perform { context in
            let next = try context.transaction.nextDeadline(after: context.uptime)
            // Nothing announces that a listener goes, so lingering ports are looked at once a second.
            let look = try context.transaction.hasLingering() ? context.uptime.advanced(bySeconds: 1) : nil
            return .success([next, look].compactMap(\.self).min { $0.milliseconds < $1.milliseconds })
        }
    }
}
