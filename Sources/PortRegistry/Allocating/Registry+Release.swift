package import PortModel

extension Registry {
    /// Ends the allocation with that id, and returns it. Throws `allocation_not_found` or `storage_failed`.
    package func release(id: Int64, by caller: Caller) async throws(RegistryError) -> Allocation {
        try await committer.perform { context in
            guard let allocation = try context.transaction.allocation(id: id) else {
                return .failure(.allocationNotFound(subject: "\(id)"))
            }
            try context.end(allocation, .released, by: caller)
            return .success(allocation)
        }
    }

    /// Ends the allocation of `port`, and returns it. Throws `allocation_not_found` or `storage_failed`.
    package func release(port: Port, by caller: Caller) async throws(RegistryError) -> Allocation {
        try await committer.perform { context in
            guard let allocation = try context.transaction.allocation(on: port) else {
                return .failure(.allocationNotFound(subject: "\(port)"))
            }
            try context.end(allocation, .released, by: caller)
            return .success(allocation)
        }
    }

    /// Ends every allocation that matches, and returns them; it is not an error when none does. Throws
    /// `filter_required` for an empty filter, or `storage_failed`.
    package func release(
        matching filter: AllocationFilter,
        project: Project.Directories?,
        by caller: Caller
    ) async throws(RegistryError) -> [Allocation] {
        guard !filter.isEmpty else {
            throw RegistryError(
                .filterRequired,
                "at least one filter is required for delete",
                remedies: [.advice("name an app, instance, service or port")]
            )
        }
        return try await committer.perform { [machine] context in
            let filter = try filter.resolved(project: project, reading: context.transaction, machine: machine)
            let allocations = try context.transaction.allocations(matching: filter)
            for allocation in allocations { try context.end(allocation, .released, by: caller) }
            return .success(allocations)
        }
    }

    /// Ends the identity's allocations, if it has any, and deletes its remembered ports, so that other services can
    /// have them. Returns the identity, with the app name that the detected `project` really has, and the first
    /// replica's port. Throws `nothing_remembered` or `storage_failed`.
    package func forget(
        _ identity: ServiceIdentity,
        project: Project.Directories?,
        by caller: Caller
    ) async throws(RegistryError) -> ForgottenService {
        try await committer.perform { [machine] context in
            let filter = try AllocationFilter(app: identity.app).resolved(
                project: project,
                reading: context.transaction,
                machine: machine
            )
            let identity = try identity.renamed(app: filter.app ?? identity.app)
            let allocations = try context.transaction.allocations(of: identity)
            let last = try context.transaction.rememberedPort(of: identity, replica: 0)
            guard let port = allocations.first?.port ?? last else {
                return .failure(
                    RegistryError(
                        .nothingRemembered,
                        "no port is remembered for \(identity.machineWideName)",
                        subject: identity.description,
                        remedies: [.listAllocations]
                    )
                )
            }
            for allocation in allocations { try context.end(allocation, .released, by: caller) }
            try context.transaction.forget(identity)
            try context.transaction.record(
                JournalEntry(
                    at: context.now,
                    action: .forgotten,
                    caller: caller,
                    identity: identity,
                    port: port,
                    reason: nil
                )
            )
            return .success(ForgottenService(identity: identity, port: port, wasAllocated: !allocations.isEmpty))
        }
    }
}
