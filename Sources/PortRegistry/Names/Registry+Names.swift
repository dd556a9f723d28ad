package import PortModel

extension Registry {
    /// Returns the allocations of the service that NAME means, ordered by replica, but last those on whose ports
    /// somebody else listens; empty for an unknown name. NAME means the identity `app/instance/service` that it spells
    /// out, else the scope's service of that name, else, unless the scope is exact, the only identity on the machine
    /// that NAME fits. Throws `invalid_name`, `ambiguous_name` with the candidates, or `storage_failed`.
    package func lookUp(_ name: String, in scope: ProjectScope?) async throws(RegistryError) -> [Allocation] {
        let allocations = try await allocations(named: name, in: scope)
        return allocations.count > 1 ? ordered(await reports(on: allocations)).map(\.allocation) : allocations
    }

    /// Returns what ``lookUp(_:in:)`` returns, with what the kernel reports now, and for a service without allocations
    /// the port that it had last. Throws what ``lookUp(_:in:)`` throws.
    package func lookUpReports(_ name: String, in scope: ProjectScope?) async throws(RegistryError) -> ServiceLookup {
        let (allocations, lastPort) = try await read { [machine] reading in
            let name = try ServiceName(name, scope: scope, machine: machine)
            let allocations = try name.allocations(reading: reading)
            return (allocations, allocations.isEmpty ? try name.lastPort(reading: reading) : nil)
        }
        return ServiceLookup(reports: ordered(await reports(on: allocations)), lastPort: lastPort)
    }

    /// Returns the allocations of the service that NAME means, which with a scope is never another project's: the
    /// identity that it spells out, else the scope's service of that name, else the machine-wide name, which is of no
    /// project. Without a scope as ``lookUp(_:in:)``. Throws what that throws.
    func ownAllocations(named name: String, in scope: ProjectScope?) async throws(RegistryError) -> [Allocation] {
        guard let scope else { return try await allocations(named: name, in: nil) }
        let own = try await allocations(named: name, in: scope.exact)
        if !own.isEmpty || scope.isExact { return own }
        let identity = try ServiceIdentity(machineWide: name)
        return try await read { try $0.allocations(of: identity) }
    }

    func allocations(named name: String, in scope: ProjectScope?) async throws(RegistryError) -> [Allocation] {
        try await read { [machine] reading in
            try ServiceName(name, scope: scope, machine: machine).allocations(reading: reading)
        }
    }

    /// Returns the reports with those last on whose ports somebody else listens, or a server in a directory that was
    /// removed.
    private func ordered(_ reports: [AllocationReport]) -> [AllocationReport] {
        func isLast(_ report: AllocationReport) -> Bool {
            report.verdict.verdict == .foreign || !report.occupiersInRemovedDirectories.isEmpty
        }
        return reports.filter { !isLast($0) } + reports.filter(isLast)
    }

    /// Ends all allocations of the service that NAME means, and returns them. NAME is resolved as in ``lookUp(_:in:)``.
    /// Throws what that throws, and `service_not_found` for an unknown name.
    package func release(
        named name: String,
        in scope: ProjectScope?,
        by caller: Caller
    ) async throws(RegistryError) -> [Allocation] {
        try await committer.perform { [machine] context in
            let allocations: [Allocation]
            do {
                allocations = try ServiceName(name, scope: scope, machine: machine)
                    .allocations(reading: context.transaction)
            } catch let error as RegistryError where error.code != .storageFailed {
                return .failure(error)
            }
            guard !allocations.isEmpty else { return .failure(.serviceNotFound(name, in: scope)) }
            for allocation in allocations { try context.end(allocation, .released, by: caller) }
            return .success(allocations)
        }
    }

    /// Ends all allocations of the machine-wide `name`, and returns them; it is not an error when there are none.
    /// Throws `invalid_name` or `storage_failed`.
    package func release(
        machineWide name: String,
        by caller: Caller
    ) async throws(RegistryError) -> [Allocation] {
        let identity = try ServiceIdentity(machineWide: name)
        return try await committer.perform { context in
            var allocations = try context.transaction.allocations(of: identity)
            if allocations.isEmpty { allocations = try context.transaction.allocations(shownAs: name) }
            for allocation in allocations { try context.end(allocation, .released, by: caller) }
            return .success(allocations)
        }
    }
}

extension AllocationReading {
    /// Returns the allocations of the identity that listings show as `name`: its parts may contain slashes, so that
    /// there are more than three.
    func allocations(shownAs name: String) throws -> [Allocation] {
        guard name.contains("/") else { return [] }
        return try allocations(matching: AllocationFilter()).filter { $0.identity.description == name }
    }
}
