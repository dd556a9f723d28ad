package import PortModel

extension Registry {
    /// Returns the verdicts on all ports of the service that NAME means, ordered by replica. NAME is resolved as in
    /// ``ownAllocations(named:in:)``. Throws what that throws, and `service_not_found` for an unknown name.
    package func verdicts(named name: String, in scope: ProjectScope?) async throws(RegistryError) -> [PortVerdict] {
        let allocations = try await ownAllocations(named: name, in: scope)
        guard !allocations.isEmpty else {
            throw .serviceNotFound(name, in: scope?.exact, elsewhere: try await identities(named: name))
        }
        return try await verdicts(on: allocations)
    }

    /// Returns the identities on the machine that have the name, whoever's they are.
    private func identities(named name: String) async throws(RegistryError) -> [ServiceIdentity] {
        let all = try await read { try $0.allocations(named: name).map(\.identity) }
        return Set(all).sorted { $0.description < $1.description }
    }

    /// Returns the verdicts on all ports of a project's services; none for a project without services. Throws
    /// `storage_failed` or `system_unavailable`.
    package func verdicts(of scope: ProjectScope) async throws(RegistryError) -> [PortVerdict] {
        try await verdicts(on: services(of: scope))
    }

    private func services(of scope: ProjectScope) async throws(RegistryError) -> [Allocation] {
        try await allocations(
            matching: AllocationFilter(app: scope.project.app, instance: scope.project.instance),
            project: scope.project.directories
        )
    }

    /// Returns the verdicts on all ports of services. Throws `storage_failed` or `system_unavailable`.
    func verdicts(on allocations: [Allocation]) async throws(RegistryError) -> [PortVerdict] {
        let ports = Set(allocations.map(\.port)).union(actualPorts(of: allocations))
        let (reports, known) = try await observedReports(on: allocations, ports: ports)
        return reports.map { report in
            PortVerdict(
                port: report.allocation.port,
                identity: report.allocation.identity,
                verdict: report.verdict,
                actualPort: report.actualPort,
                projects: known.projects
            )
        }
    }

    /// Returns the verdict on who listens on `port`, for a project: is it one of its services? `address` is the one
    /// through which the port is reached. Throws `storage_failed` or `system_unavailable`.
    package func verdict(
        on port: Port,
        through address: LocalAddress,
        for scope: ProjectScope
    ) async throws(RegistryError) -> PortVerdict {
        let services = try await services(of: scope)
        let (_, known) = try await observedReports(on: [], ports: [port])
        // The project itself, as a service that nobody owns: its directory decides.
        let project = Allocation(
            id: 0,
            identity: try ServiceIdentity(
                app: scope.project.app,
                instance: scope.project.instance,
                service: ServiceIdentity.defaultName
            ),
            replica: 0,
            port: port,
            directory: scope.project.directories?.directory,
            createdAt: timestamp,
            holds: []
        )
        let surroundings = await surroundings(of: services + [project], listeners: known.listeners)
        func verdict(for allocation: Allocation) -> ServiceVerdict {
            surroundings.facts(about: allocation, known.neighbours, proven: provenListeners)
                .verdict(on: known.listeners, through: address)
        }
        let verdicts = services.map { ($0, verdict(for: $0)) }
        // Any process of the checkout is its project's, but not therefore one service's.
        let found = verdicts.first { $0.0.port == port } ?? verdicts.first { $0.1.isOfOneService }
        return PortVerdict(
            port: port,
            identity: found?.0.identity,
            verdict: found?.1 ?? verdict(for: project),
            projects: known.projects
        )
    }

    /// Returns the reports on `allocations`, and what is known about the listeners on `ports`.
    private func observedReports(
        on allocations: [Allocation],
        ports: Set<Port>
    ) async throws(RegistryError) -> ([AllocationReport], ObservedListeners.Known) {
        let observed = try await machine.inspect { machine throws(RegistryError) in
            ObservedListeners(try machine.listeners(on: ports, fresh: false), machine: machine)
        }
        let known = try await read { [machine] in
            try observed.known(reading: $0, machine: machine, withAllNeighbours: true)
        }
        let occupied = Set(known.listeners.map(\.port))
        let reports = await reports(on: allocations, known.listeners, known.neighbours) { occupied.contains($0) }
        return (reports, known)
    }
}
