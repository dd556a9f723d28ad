package import PortModel

extension Registry {
    /// The allocations of the service that NAME means, the first replica first: `app/instance/service` as it stands,
    /// else the scope's own service, else, unless that is exact, the one other identity on the machine that NAME fits.
    /// Empty for an unknown name. Throws `invalid_name`, `ambiguous_name` with the candidates, or `storage_failed`.
    package func lookUp(_ name: String, in scope: NameScope?) async throws(RegistryError) -> [Allocation] {
        try await read { [machine] reading in
            try ServiceName(name, scope: scope, machine: machine).allocations(reading: reading)
        }
    }

    /// Ends all allocations of the service that NAME means, as ``lookUp(_:in:)`` finds it, and returns them. Throws
    /// `service_not_found` for an unknown name, and what the look-up throws.
    package func release(
        named name: String,
        in scope: NameScope?,
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
            guard !allocations.isEmpty else { return .failure(.serviceNotFound(name)) }
            for allocation in allocations { try context.end(allocation, .released, by: caller) }
            return .success(allocations)
        }
    }
}
