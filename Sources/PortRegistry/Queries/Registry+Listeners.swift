package import PortModel

extension Registry {
    /// Returns the sockets that listen on `ports`, or on any port for `nil`, ordered by port and address. Throws
    /// `system_unavailable` when the kernel does not answer, or `storage_failed`.
    package func listeners(on ports: Set<Port>? = nil) async throws(RegistryError) -> [ListenerReport] {
        let observed = try await machine.inspect { machine throws(RegistryError) in
            ObservedListeners(try machine.listeners(on: ports, fresh: false), machine: machine)
        }
        return await reports(
            on: try await read { [machine, knownDrifts] in
                try observed.known(reading: $0, machine: machine, drifts: knownDrifts.all)
            }
        )
    }

    /// Returns the listeners with what the registry knows about them, and the verdicts on them.
    func reports(on known: ObservedListeners.Known) async -> [ListenerReport] {
        let reports = await reports(on: known.allocations, known.listeners, known.neighbours) { _ in true }
        let byPort = Dictionary(reports.map { ($0.actualPort ?? $0.allocation.port, $0) }) { first, _ in first }
        return known.listeners.map { listener in
            ListenerReport(
                listener: listener,
                project: listener.occupiers.first?.directory.flatMap { known.projects[$0] },
                allocation: byPort[listener.port]
            )
        }
    }
}
