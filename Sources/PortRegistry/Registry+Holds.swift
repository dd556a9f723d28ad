package import PortModel

extension Registry {
    /// Renews `face`'s holds of an allocation that end without heartbeats. Throws `allocation_not_found`,
    /// `lease_not_found` when the face has no such hold (any more), or `storage_failed`.
    package func heartbeat(id: Int64, by asker: Asker) async throws(RegistryError) -> Allocation {
        try await heartbeat(subject: "\(id)", by: asker) { try $0.allocation(id: id) }
    }

    /// Like ``heartbeat(id:by:)``, by the port.
    package func heartbeat(port: Port, by asker: Asker) async throws(RegistryError) -> Allocation {
        try await heartbeat(subject: "\(port)", by: asker) { try $0.allocation(on: port) }
    }

    private func heartbeat(
        subject: String,
        by asker: Asker,
        find: @escaping @Sendable (any RegistryReading) throws -> Allocation?
    ) async throws(RegistryError) -> Allocation {
        try await committer.perform { unit in
            guard let allocation = try find(unit.transaction) else {
                return .failure(.allocationNotFound(subject: subject))
            }
            guard let renewed = allocation.renewed(for: asker.face, at: unit.now, uptime: unit.uptime) else {
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
            return .success(try unit.save(renewed, replacing: allocation))
        }
    }

    /// Ends the holds of the asker's face whose owners have exited, without waiting for their grace. Returns the
    /// allocations that ended by it; one whose port is still listened on lingers instead. Throws `storage_failed`.
    package func cleanUp(by asker: Asker) async throws(RegistryError) -> [Allocation] {
        try await committer.perform { unit in
            var ended: [Allocation] = []
            for allocation in try unit.transaction.allocationsWithExitedOwners(of: asker.face) {
                let rest = allocation.withoutExitedOwners(of: asker.face)
                if !rest.holds.isEmpty {
                    try unit.save(rest, replacing: allocation)
                } else if unit.isHeld(allocation.port) {
                    try unit.linger(rest, replacing: allocation)
                } else {
                    try unit.end(allocation, .expired, by: asker)
                    ended.append(allocation)
                }
            }
            return .success(ended)
        }
    }

    /// Ends every hold of the asker's face. Returns the allocations that ended by it; one that others hold, too, stays.
    /// Throws `storage_failed`.
    package func releaseAll(by asker: Asker) async throws(RegistryError) -> [Allocation] {
        try await committer.perform { unit in
            var ended: [Allocation] = []
            for allocation in try unit.transaction.allocations(heldBy: asker.face) {
                var rest = allocation
                rest.holds.removeAll { $0.face == asker.face }
                if rest.holds.isEmpty {
                    try unit.end(allocation, .released, by: asker)
                    ended.append(allocation)
                } else {
                    try unit.save(rest, replacing: allocation)
                }
            }
            return .success(ended)
        }
    }

    /// Ends what is over now. Every request does that, too; this is for the moments without requests. Returns when it
    /// must be done again; `nil`: not before the next request. Throws `storage_failed`.
    @discardableResult
    package func tidy() async throws(RegistryError) -> Uptime? {
        try await committer.perform { unit in
            let next = try unit.transaction.nextDeadline(after: unit.uptime)
            // Nothing announces that a listener goes, so lingering ports are looked at once a second.
            let look = try unit.transaction.hasLingering() ? unit.uptime.advanced(bySeconds: 1) : nil
            return .success([next, look].compactMap(\.self).min { $0.milliseconds < $1.milliseconds })
        }
    }
}
