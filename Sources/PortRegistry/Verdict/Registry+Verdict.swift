import PortModel

extension Registry {
    /// Returns the allocations with the verdict on who listens on their ports. `observed` are the listeners on them, and
    /// `isHeld` is whether a socket holds a port. Proofs are remembered.
    func reports(
        on allocations: [Allocation],
        _ listeners: [Listener],
        _ neighbours: Neighbours,
        isHeld: @escaping @Sendable (Port) -> Bool
    ) async -> [AllocationReport] {
        let boot = uptime.boot
        let surroundings = await machine.inspect {
            Surroundings(of: allocations, listeners: listeners, boot: boot, machine: $0)
        }
        let byPort = Dictionary(grouping: listeners, by: \.port)
        return allocations.map { allocation in
            let listeners = byPort[allocation.port] ?? []
            let facts = surroundings.facts(about: allocation, neighbours, proven: provenListeners)
            let verdict = facts.verdict(on: listeners)
            provenListeners.remember(verdict, of: allocation.id, in: facts.directory)
            return AllocationReport(
                allocation,
                isHeld: isHeld(allocation.port),
                occupancy: Occupancy(listeners),
                verdict: verdict
            )
        }
    }
}

extension Registry {
    /// Returns what the registry knows about the processes of `listeners`, with one more snapshot of the store if there
    /// are any. Without an answer from the store, the services themselves are still known.
    func neighbours(of listeners: [Listener]) async -> Neighbours {
        guard listeners.contains(where: { !$0.occupiers.isEmpty }) else { return Neighbours() }
        return (try? await read { try Neighbours(of: listeners, reading: $0) }) ?? Neighbours()
    }
}

extension GroupCommitter.WriteContext {
    /// Returns the verdict on those who listen on the allocation's port, inside the transaction.
    func verdict(on occupancy: Occupancy?, for allocation: Allocation) throws -> ServiceVerdict {
        guard let occupancy else { return .none }
        let surroundings = Surroundings(
            of: [allocation],
            listeners: occupancy.listeners,
            boot: uptime.boot,
            machine: machine.blocking
        )
        let neighbours = try Neighbours(of: occupancy.listeners, reading: transaction)
        let facts = surroundings.facts(about: allocation, neighbours, proven: provenListeners)
        return facts.verdict(on: occupancy.listeners)
    }
}
