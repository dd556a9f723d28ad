package import PortModel

extension Registry {
    /// Ends one allocation. Throws `allocation_not_found` or `storage_failed`.
    package func release(id: Int64, by asker: Asker) async throws(RegistryError) -> Allocation {
        try await committer.perform { unit in
            guard let allocation = try unit.transaction.allocation(id: id) else {
                return .failure(.allocationNotFound(subject: "\(id)"))
            }
            try unit.end(allocation, .released, by: asker)
            return .success(allocation)
        }
    }

    /// Ends the allocation of a port. Throws `allocation_not_found` or `storage_failed`.
    package func release(port: Port, by asker: Asker) async throws(RegistryError) -> Allocation {
        try await committer.perform { unit in
            guard let allocation = try unit.transaction.allocation(on: port) else {
                return .failure(.allocationNotFound(subject: "\(port)"))
            }
            try unit.end(allocation, .released, by: asker)
            return .success(allocation)
        }
    }

    /// Ends every allocation that matches and returns them; none is no error. Throws `filter_required` for an empty
    /// filter, or `storage_failed`.
    package func release(
        matching filter: AllocationFilter,
        project: ProjectFolder?,
        by asker: Asker
    ) async throws(RegistryError) -> [Allocation] {
        guard !filter.isEmpty else {
            throw RegistryError(
                .filterRequired,
                "at least one filter is required for delete",
                hint: "name an app, instance, service or port"
            )
        }
        return try await committer.perform { [machine] unit in
            let filter = try filter.resolved(project: project, reading: unit.transaction, machine: machine)
            let allocations = try unit.transaction.allocations(matching: filter)
            for allocation in allocations { try unit.end(allocation, .released, by: asker) }
            return .success(allocations)
        }
    }

    /// Ends the identity's allocations, if it has any, and forgets which ports it had, so that they are nobody's.
    /// Returns the first replica's port. Throws `nothing_remembered` or `storage_failed`.
    package func forget(
        _ identity: ServiceIdentity,
        project: ProjectFolder?,
        by asker: Asker
    ) async throws(RegistryError) -> ForgottenService {
        try await committer.perform { [machine] unit in
            let filter = try AllocationFilter(app: identity.app).resolved(
                project: project,
                reading: unit.transaction,
                machine: machine
            )
            let identity = try identity.renamed(app: filter.app ?? identity.app)
            let allocations = try unit.transaction.allocations(of: identity)
            let last = try unit.transaction.rememberedPort(of: identity, replica: 0)
            guard let port = allocations.first?.port ?? last else {
                return .failure(
                    RegistryError(
                        .nothingRemembered,
                        "no port is remembered for \(identity)",
                        subject: identity.description,
                        hint: "portctl list --all shows what is allocated"
                    )
                )
            }
            for allocation in allocations { try unit.end(allocation, .released, by: asker) }
            try unit.transaction.forget(identity)
            try unit.transaction.record(
                JournalEntry(
                    at: unit.now,
                    action: .forgotten,
                    asker: asker,
                    identity: identity,
                    port: port,
                    reason: nil
                )
            )
            return .success(ForgottenService(identity: identity, port: port, wasAllocated: !allocations.isEmpty))
        }
    }
}

/// What `forget` undid.
package struct ForgottenService: Hashable, Sendable {
    package let identity: ServiceIdentity
    package let port: Port
    /// Whether an allocation ended, too.
    package let wasAllocated: Bool

    package init(identity: ServiceIdentity, port: Port, wasAllocated: Bool) {
        self.identity = identity
        self.port = port
        self.wasAllocated = wasAllocated
    }
}

extension AllocationFilter {
    /// The filter with the name that the detected app really has.
    func resolved(
        project: ProjectFolder?,
        reading: any RegistryReading,
        machine: any Machine
    ) throws -> AllocationFilter {
        guard let app else { return self }
        var resolved = self
        resolved.app = try ProjectNaming(reading: reading, folderExists: machine.folderExists)
            .app(of: app, project: project)
        return resolved
    }
}
