package import PortModel

extension Registry {
    /// Checks the database, the kernel's tables, the pools and the allocations. Throws `storage_failed` when the
    /// database cannot be read.
    package func diagnosis() async throws(RegistryError) -> Diagnosis {
        let (faults, predecessors, allocations) = try await read { reading in
            (
                try reading.integrityFaults(), try reading.damagedPredecessors(),
                try reading.allocations(matching: AllocationFilter())
            )
        }
        let allocated = PortSet(allocations.map(\.port))
        var writingFault: RegistryError?
        do {
            try await committer.perform { context in
                try context.transaction.touch()
                return .success(())
            }
        } catch {
            writingFault = error
        }
        let listenersFault = await machine.inspect { machine -> RegistryError? in
            do throws(RegistryError) { _ = try machine.listeningSockets() } catch { return error }
            return nil
        }
        let reports = await reports(on: allocations)
        return Diagnosis(
            databaseFaults: faults,
            damagedPredecessors: predecessors,
            writingFault: writingFault,
            listenersFault: listenersFault,
            processLimit: machine.processLimit,
            ephemeralRange: machine.ephemeralRange,
            excludedRange: settings.exclusions.ephemeralRange,
            freeRange: settings.exclusions.largestGap,
            pools: Face.allCases.map { usage(of: settings.pool(of: $0), face: $0, allocated: allocated) },
            conflicts: reports.filter { $0.state == .conflict },
            servedFromRemovedDirectories: reports.filter { !$0.occupiersInRemovedDirectories.isEmpty }
        )
    }

    /// Returns how full the pool of each face is. Throws `storage_failed`.
    package func poolUsage() async throws(RegistryError) -> [PoolUsage] {
        let ports = try await read { try $0.allocations(matching: AllocationFilter()).map(\.port) }
        let allocated = PortSet(ports)
        return Face.allCases.map { usage(of: settings.pool(of: $0), face: $0, allocated: allocated) }
    }

    private func usage(of pool: PortPool, face: Face, allocated: PortSet) -> PoolUsage {
        let all = PortSet(pool.ranges.flatMap { PortSet($0) })
        for (index, excluded) in settings.exclusions.stages.enumerated() {
            let ports = all.filter { !excluded.contains($0) }
            guard !ports.isEmpty else { continue }
            return PoolUsage(
                face: face,
                pool: pool,
                usable: ports.count,
                isPoor: index > 0,
                allocated: ports.count { allocated.contains($0) }
            )
        }
        return PoolUsage(face: face, pool: pool, usable: 0, isPoor: false, allocated: 0)
    }
}
