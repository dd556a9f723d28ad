package import PortModel

extension Registry {
    /// Returns the allocations with the verdict on who listens on their ports. `listeners` are those on their own ports
    /// and on the ports of ``actualPorts(of:)``, and `isHeld` is whether a socket holds a port. Proofs are remembered.
    func reports(
        on allocations: [Allocation],
        _ listeners: [Listener],
        _ neighbours: Neighbours,
        isHeld: @escaping @Sendable (Port) -> Bool
    ) async -> [AllocationReport] {
        let ports = Set(listeners.map(\.port))
        // The directories of the others decide nothing, and one may be on a file system that does not answer.
        let occupied = allocations.filter { ports.contains($0.port) || knownDrifts[$0.id] != nil }
        let surroundings = await surroundings(of: occupied, listeners: listeners)
        let byPort = Dictionary(grouping: listeners, by: \.port)
        return allocations.map { allocation in
            var listeners = byPort[allocation.port] ?? []
            let facts = surroundings.facts(about: allocation, neighbours, proven: provenListeners)
            var verdict = facts.verdict(on: listeners)
            var actualPort: Port?
            if listeners.isEmpty, let drift = knownDrifts[allocation.id] {
                let elsewhere = byPort[drift.port] ?? []
                let own = facts.verdict(on: elsewhere.filter { $0.inode == drift.socket })
                // Somebody else may listen there as well, on the address that clients reach.
                if own.verdict == .mine {
                    (listeners, verdict, actualPort) = (elsewhere, facts.verdict(on: elsewhere), drift.port)
                }
            }
            provenListeners.remember(verdict, of: allocation.id, in: facts.directory)
            return AllocationReport(
                allocation,
                isHeld: isHeld(allocation.port),
                occupancy: Occupancy(listeners),
                verdict: verdict,
                actualPort: actualPort
            )
        }
    }
}

extension Registry {
    /// Whether `listeners`, which are on other ports, are all proven to be a service's own, and none works in another
    /// checkout.
    func areOwn(_ listeners: [Listener], of allocation: Allocation, _ neighbours: Neighbours) async -> Bool {
        let surroundings = await surroundings(of: [allocation], listeners: listeners)
        let facts = surroundings.facts(about: allocation, neighbours, proven: provenListeners)
        return facts.verdict(on: listeners).verdict == .mine
            && !listeners.flatMap(\.occupiers).contains(where: facts.worksElsewhere)
    }

    /// Returns what the machine contributes to the verdicts on `listeners` for `allocations`.
    func surroundings(of allocations: [Allocation], listeners: [Listener]) async -> Surroundings {
        let boot = uptime.boot
        return await machine.inspect { Surroundings(of: allocations, listeners: listeners, boot: boot, machine: $0) }
    }

    /// Returns what the registry knows about the processes of `listeners`, with one more snapshot of the store if there
    /// are any. Without an answer from the store, the services themselves are still known.
    func neighbours(of listeners: [Listener]) async -> Neighbours {
        guard listeners.contains(where: { !$0.occupiers.isEmpty }) else { return Neighbours() }
        return (try? await read { try Neighbours(of: listeners, reading: $0) }) ?? Neighbours()
    }
}

extension Registry {
    /// Returns the port on which the service listened when that was last looked at, if it is another one than its own.
    package func actualPort(of allocation: Allocation) -> Port? { knownDrifts[allocation.id]?.port }

    /// Returns the ports on which services listen instead of their own, as far as that is known.
    func actualPorts(of allocations: [Allocation]) -> Set<Port> {
        Set(allocations.compactMap { knownDrifts[$0.id]?.port })
    }
}

extension GroupCommitter.WriteContext {
    /// Returns the verdict on those who listen on the allocation's port, inside the transaction. The owners in `exited`
    /// are none any longer, though the store does not know that yet.
    func verdict(
        on occupancy: Occupancy?,
        for allocation: Allocation,
        exited: Set<Owner> = []
    ) throws -> ServiceVerdict {
        guard let occupancy else { return .none }
        let surroundings = Surroundings(
            of: [allocation],
            listeners: occupancy.listeners,
            boot: uptime.boot,
            machine: machine.blocking
        )
        let neighbours = try Neighbours(of: occupancy.listeners, reading: transaction)
        var facts = surroundings.facts(about: allocation, neighbours, proven: provenListeners)
        facts.forget(exited)
        return facts.verdict(on: occupancy.listeners)
    }
}
