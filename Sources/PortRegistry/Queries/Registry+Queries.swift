package import PortModel

extension Registry {
    /// Returns the matching allocations, oldest first. Throws `storage_failed`.
    package func allocations(
        matching filter: AllocationFilter,
        project: Project.Directories? = nil
    ) async throws(RegistryError) -> [Allocation] {
        try await read { [machine] reading in
            try reading.allocations(
                matching: filter.resolved(project: project, reading: reading, machine: machine)
            )
        }
    }

    /// Returns the allocations with what the kernel reports now about their ports.
    package func reports(on allocations: [Allocation]) async -> [AllocationReport] {
        guard !allocations.isEmpty else { return [] }
        let actual = actualPorts(of: allocations)
        let (ports, listeners) = await machine.inspect { machine in
            let held = machine.heldPorts()
            // Without an answer from the kernel, nothing is proven.
            let ports = Set(allocations.map(\.port).filter { held.isHeld($0) })
            return (ports, (try? machine.listeners(on: ports.union(actual), fresh: false)) ?? [])
        }
        return await reports(on: allocations, listeners, await neighbours(of: listeners)) { ports.contains($0) }
    }

    /// The time on the clock that deadlines are measured by.
    package var uptime: Uptime { machine.uptime() }

    /// The wall-clock time now.
    package var timestamp: Timestamp { machine.timestamp() }

    /// Returns what is known about `port`: the allocation and the listeners are of one snapshot of the store. Throws
    /// `storage_failed`.
    package func inspection(of port: Port) async throws(RegistryError) -> PortInspection {
        let (isInUse, observed, uses, udpWarning) = await machine.inspect { machine in
            let isInUse = machine.heldPorts().isHeld(port)
            // Without an answer from the kernel, nothing more is known about the port.
            let listeners = isInUse ? try? machine.listeners(on: [port], fresh: false) : []
            let uses = isInUse && listeners?.isEmpty == true ? (try? machine.uses(of: port)) ?? [] : []
            let udpWarning = isInUse ? nil : machine.udpWarning(about: port)
            return (isInUse, ObservedListeners(listeners ?? [], machine: machine), uses, udpWarning)
        }
        let (availability, known) = try await read { [settings, machine, knownDrifts] reading in
            let availability: PortAvailability
            if let holder = try reading.allocation(on: port) {
                availability = .allocated(holder)
            } else if isInUse {
                availability = .inUse
            } else {
                let reasons = settings.exclusions.reasons(for: port)
                availability = .available(
                    warnings: reasons.map { $0.explanation(for: port) } + [udpWarning].compactMap(\.self)
                )
            }
            return (availability, try observed.known(reading: reading, machine: machine, drifts: knownDrifts.all))
        }
        return PortInspection(
            port: port,
            isInUse: isInUse,
            availability: availability,
            listeners: await reports(on: known),
            uses: uses
        )
    }

    /// Returns the number of allocations. The health check calls it to prove that the database can be read. Throws
    /// `storage_failed`.
    package func allocationCount() async throws(RegistryError) -> Int {
        try await read { try $0.allocationCount() }
    }
}

extension Registry {
    /// Returns whether a socket holds `port` now, allocated or not.
    package func isInUse(_ port: Port) async -> Bool { await machine.inspect { $0.heldPorts().isHeld(port) } }

    /// Returns the sockets that use `port` without listening on it. Throws `system_unavailable` when the kernel does
    /// not answer.
    package func uses(of port: Port) async throws(RegistryError) -> [PortUse] {
        try await machine.inspect { machine throws(RegistryError) in try machine.uses(of: port) }
    }

    /// Returns the listeners on `port` now; `nil` when there are none. Throws `system_unavailable` when the kernel does
    /// not answer.
    package func occupancy(of port: Port) async throws(RegistryError) -> Occupancy? {
        try await machine.inspect { machine throws(RegistryError) in try machine.occupancies(of: [port])[port] }
    }
}
