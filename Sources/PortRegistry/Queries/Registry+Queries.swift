package import PortModel

extension Registry {
    /// Returns the matching allocations, oldest first. Throws `storage_failed`.
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

    /// Returns the allocations with what the kernel reports now about their ports.
    package func reports(on allocations: [Allocation]) -> [AllocationReport] {
        let held = machine.heldPorts()
        // Without an answer from the kernel, no conflict is proven.
        let ports = Set(allocations.map(\.port).filter { held.isHeld($0) })
        let occupancies = (try? machine.occupancies(of: ports)) ?? [:]
        return allocations.map {
            AllocationReport($0, isHeld: held.isHeld($0.port), occupancy: occupancies[$0.port])
        }
    }

    /// Returns the seconds until `deadline`, rounded up, at least 0; `nil` without a deadline.
    package func secondsLeft(until deadline: Uptime?) -> Int? {
        deadline.map { max(0, Int(($0.milliseconds - machine.uptime().milliseconds + 999) / 1000)) }
    }

    /// Returns whether a request for `port` would be granted. Throws `storage_failed`.
    package func availability(of port: Port) async throws(RegistryError) -> PortAvailability {
        let holder = try await read { try $0.allocation(on: port) }
        if let holder { return .allocated(holder) }
        if machine.heldPorts().isHeld(port) { return .inUse }
        return .available(warnings: settings.exclusions.reasons(for: port).map { $0.explanation(for: port) })
    }

    /// Returns the number of allocations. The health check calls it to prove that the database can be read. Throws
    /// `storage_failed`.
    package func allocationCount() async throws(RegistryError) -> Int {
        try await read { try $0.allocationCount() }
    }
}

extension Registry {
    /// Returns whether a socket holds `port` now, allocated or not.
    package func isInUse(_ port: Port) -> Bool { machine.heldPorts().isHeld(port) }

    /// Returns the sockets that use `port` without listening on it. Throws `system_unavailable` when the kernel does
    /// not answer.
    package func uses(of port: Port) throws(RegistryError) -> [PortUse] { try machine.uses(of: port) }

    /// Returns the listeners on `port` now; `nil` when there are none. Throws `system_unavailable` when the kernel does
    /// not answer.
    package func occupancy(of port: Port) throws(RegistryError) -> Occupancy? {
        try machine.occupancies(of: [port])[port]
    }
}
