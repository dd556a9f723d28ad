package import PortModel

extension Registry {
    /// Gives each of the group's services a further port, or gives none of them a port. Throws what
    /// ``allocate(_:by:)`` throws.
    package func allocate(_ request: GroupRequest, by caller: Caller) async throws(RegistryError) -> PortGroup {
        _ = try AllocationDetails(tags: request.tags ?? [], metadata: request.metadata ?? [:])
        let elsewhere = networkWarning(for: caller)
        return try await committer.perform { [settings, machine] context in
            try context.refusing {
                var request = request
                let registered = try request.services.map { try context.registered($0, project: request.project) }
                request.services = registered.map(\.identity)
                let hold = try request.hold.lifetime(at: context.uptime, machine: machine, caller: caller)
                let result = try context.attempt {
                    try GroupAllocator(
                        context: context,
                        settings: settings,
                        request: request,
                        lifetime: hold.lifetime,
                        caller: caller
                    ).decide()
                }
                if case .failure(let refusal) = result {
                    try context.record(refusal, of: request, by: caller)
                }
                return result.map { group in
                    var group = group
                    group.warnings += (registered.first?.warnings ?? []) + [hold.warning, elsewhere].compactMap(\.self)
                    return group
                }
            }
        }
    }

    /// Returns the groups of the matching allocations, oldest first, with only these allocations. Throws
    /// `storage_failed`.
    package func groups(
        matching filter: AllocationFilter,
        project: Project.Directories? = nil
    ) async throws(RegistryError) -> [PortGroup] {
        let allocations = try await allocations(matching: filter, project: project)
        var groups: [String: [Allocation]] = [:]
        for allocation in allocations {
            if let id = allocation.group { groups[id, default: []].append(allocation) }
        }
        return groups.map { PortGroup(id: $0, allocations: $1) }.sorted { $0.allocations[0].id < $1.allocations[0].id }
    }

    /// Ends the allocations of a group and returns them. Throws `group_not_found` or `storage_failed`.
    package func release(group id: String, by caller: Caller) async throws(RegistryError) -> PortGroup {
        try await committer.perform { context in
            let allocations = try context.transaction.allocations(matching: AllocationFilter(group: id))
            guard !allocations.isEmpty else { return .failure(.groupNotFound(id)) }
            for allocation in allocations { try context.end(allocation, .released, by: caller) }
            return .success(PortGroup(id: id, allocations: allocations))
        }
    }
}

extension GroupCommitter.WriteContext {
    /// Records the refusal of the whole group: the entries of its members were rolled back with them.
    fileprivate func record(_ refusal: RegistryError, of request: GroupRequest, by caller: Caller) throws {
        try transaction.record(
            JournalEntry(
                at: now,
                action: .refused,
                caller: caller,
                identity: request.services[0],
                port: nil,
                reason: "a group of \(request.services.count): \(refusal.message)"
            )
        )
    }
}
