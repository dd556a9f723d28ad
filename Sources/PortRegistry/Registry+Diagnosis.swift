package import PortModel

/// What the registry finds about itself and the machine.
package struct Diagnosis: Sendable {
    /// What SQLite's own check says; empty when all is well.
    package var databaseFaults: [String]
    /// The paths of damaged databases in whose place this one was made.
    package var damagedPredecessors: [String]
    /// Why nothing can be written; `nil` when it can.
    package var writingFault: RegistryError?
    /// Why the kernel does not say who listens; `nil` when it does.
    package var listenersFault: RegistryError?
    /// Now, which may be another one than automatic choice leaves out.
    package var ephemeralRange: PortRange?
    /// Of the ports that automatic choice leaves out, read when the registry was opened.
    package var excludedRange: PortRange?
    package var pools: [PoolUsage]
    /// Allocations whose port a stranger has.
    package var conflicts: [AllocationReport]
}

/// How much of a face's pool there is to choose from.
package struct PoolUsage: Hashable, Sendable {
    package var face: Face
    package var pool: PortPool
    /// Ports that automatic choice may give.
    package var usable: Int
    /// Of those, the ones that are allocated.
    package var allocated: Int
}

extension Registry {
    /// Looks everything over. Throws `storage_failed` when the database cannot even be read.
    package func diagnosis() async throws(RegistryError) -> Diagnosis {
        let (faults, predecessors, allocations) = try await ask { reading in
            (
                try reading.integrityFaults(), try reading.damagedPredecessors(),
                try reading.allocations(matching: AllocationFilter())
            )
        }
        let allocated = PortSet(allocations.map(\.port))
        var writingFault: RegistryError?
        do {
            try await committer.perform { unit in
                try unit.transaction.touch()
                return .success(())
            }
        } catch {
            writingFault = error
        }
        var listenersFault: RegistryError?
        do { _ = try machine.listeningSockets() } catch { listenersFault = error }
        return Diagnosis(
            databaseFaults: faults,
            damagedPredecessors: predecessors,
            writingFault: writingFault,
            listenersFault: listenersFault,
            ephemeralRange: machine.ephemeralRange,
            excludedRange: settings.exclusions.ephemeralRange,
            pools: Face.allCases.map { usage(of: settings.pool(of: $0), face: $0, allocated: allocated) },
            conflicts: reports(on: allocations).filter { $0.state == .conflict }
        )
    }

    /// How full each face's pool is. Throws `storage_failed`.
    package func poolUsage() async throws(RegistryError) -> [PoolUsage] {
        let ports = try await ask { try $0.allocations(matching: AllocationFilter()).map(\.port) }
        let allocated = PortSet(ports)
        return Face.allCases.map { usage(of: settings.pool(of: $0), face: $0, allocated: allocated) }
    }

    private func usage(of pool: PortPool, face: Face, allocated: PortSet) -> PoolUsage {
        let ports = PortSet(pool.ranges.flatMap { PortSet($0) }).filter { !settings.exclusions.all.contains($0) }
        return PoolUsage(
            face: face,
            pool: pool,
            usable: ports.count,
            allocated: ports.count { allocated.contains($0) }
        )
    }
}
