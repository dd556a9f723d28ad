package import PortModel

extension Registry {
    /// The matching allocations with their states, in the order they were made. Throws `storage_failed`.
    package func allocations(
        matching filter: AllocationFilter,
        project: ProjectDirectory? = nil
    ) async throws(RegistryError) -> [Allocation] {
        try await read { [machine] reading in
            try reading.allocations(
                matching: filter.resolved(project: project, reading: reading, machine: machine)
            )
        }
    }

    /// The allocations with what the kernel says now about their ports.
    package func reports(on allocations: [Allocation]) -> [AllocationReport] {
        let held = machine.heldPorts()
        // Where the kernel does not tell, nothing proves a stranger.
        let ports = Set(allocations.map(\.port).filter { held.isHeld($0) })
        let occupancies = (try? machine.occupancies(of: ports)) ?? [:]
        return allocations.map {
            AllocationReport($0, isHeld: held.isHeld($0.port), occupancy: occupancies[$0.port])
        }
    }

    /// How many seconds are left until `deadline`, at least 0; `nil` for none.
    package func secondsLeft(until deadline: Uptime?) -> Int? {
        deadline.map { max(0, Int(($0.milliseconds - machine.uptime().milliseconds + 999) / 1000)) }
    }

    /// Whether `port` can be had by asking for it. Throws `storage_failed`.
    package func availability(of port: Port) async throws(RegistryError) -> PortAvailability {
        let holder = try await read { try $0.allocation(on: port) }
        if let holder { return .allocated(holder) }
        if machine.heldPorts().isHeld(port) { return .inUse }
        return .available(warnings: settings.exclusions.reasons(for: port).map { $0.explanation(for: port) })
    }

    /// How many allocations there are: the health check's proof that the database can be read.
    /// Throws `storage_failed`.
    package func allocationCount() async throws(RegistryError) -> Int {
        try await read { try $0.allocationCount() }
    }
}

extension Registry {
    /// Whether a socket holds `port` now, allocated or not.
    package func isInUse(_ port: Port) -> Bool { machine.heldPorts().isHeld(port) }

    /// Who listens on `port` now; `nil` when nobody does.
    /// Throws `system_unavailable` when the kernel does not tell.
    package func occupancy(of port: Port) throws(RegistryError) -> Occupancy? {
        try machine.occupancies(of: [port])[port]
    }
}
