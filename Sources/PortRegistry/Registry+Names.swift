package import PortModel

extension Registry {
    /// The allocations of the service that NAME means, the first replica first: `app/instance/service` as it stands,
    /// else the scope's own service, else, unless that is exact, the one other identity on the machine that NAME fits.
    /// Empty for an unknown name. Throws `invalid_name`, `ambiguous_name` with the candidates, or `storage_failed`.
    package func lookUp(_ name: String, in scope: NameScope?) async throws(RegistryError) -> [Allocation] {
        try await ask { [machine] reading in
            try ServiceName(name, scope: scope, machine: machine).allocations(reading: reading)
        }
    }

    /// Ends all allocations of the service that NAME means, as ``lookUp(_:in:)`` finds it, and returns them. Throws
    /// `service_not_found` for an unknown name, and what the look-up throws.
    package func release(
        named name: String,
        in scope: NameScope?,
        by asker: Asker
    ) async throws(RegistryError) -> [Allocation] {
        try await committer.perform { [machine] unit in
            let allocations: [Allocation]
            do {
                allocations = try ServiceName(name, scope: scope, machine: machine)
                    .allocations(reading: unit.transaction)
            } catch let error as RegistryError where error.code != .storageFailed {
                return .failure(error)
            }
            guard !allocations.isEmpty else { return .failure(.serviceNotFound(name)) }
            for allocation in allocations { try unit.end(allocation, .released, by: asker) }
            return .success(allocations)
        }
    }
}

extension RegistryError {
    /// Nothing has that id or port.
    static func allocationNotFound(subject: String) -> RegistryError {
        RegistryError(
            .allocationNotFound,
            "allocation not found",
            subject: subject,
            hint: "portctl list --all shows every allocation"
        )
    }

    /// Nothing on the machine has that name.
    package static func serviceNotFound(_ name: String) -> RegistryError {
        RegistryError(
            .serviceNotFound,
            "no service \"\(name)\" is known",
            subject: name,
            hint: "portctl list --all shows every service"
        )
    }
}

/// One NAME and where it was spoken.
private struct ServiceName {
    let name: String
    let scope: NameScope?
    let machine: any Machine

    init(_ name: String, scope: NameScope?, machine: any Machine) throws(RegistryError) {
        self.name = try Name.validated(name, as: "name")
        self.scope = scope
        self.machine = machine
    }

    func allocations(reading: any RegistryReading) throws -> [Allocation] {
        if let identity = try ServiceIdentity(path: name) { return try reading.allocations(of: identity) }
        if let scope {
            let app = try ProjectNaming(reading: reading, folderExists: machine.folderExists)
                .app(of: scope.app, project: scope.project)
            let own = try ServiceIdentity(app: app, instance: scope.instance, service: name)
            let allocations = try reading.allocations(of: own)
            if !allocations.isEmpty || scope.isExact { return allocations }
        }
        let fitting = try reading.allocations(named: name)
        guard Set(fitting.map(\.identity)).count <= 1 else {
            throw RegistryError(
                .ambiguousName,
                "\"\(name)\" could be several services",
                subject: name,
                hint: "name one of them as app/instance/service",
                candidates: fitting
            )
        }
        return fitting.sorted { $0.replica < $1.replica }
    }
}
