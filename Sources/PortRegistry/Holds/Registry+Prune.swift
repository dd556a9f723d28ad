package import PortModel

extension Registry {
    /// Ends the allocations, of all faces, that nothing but the grace of exited owners keeps and whose ports nobody
    /// listens on. Returns them, oldest first. With `ids`, no others end. With `dryRun`, none ends. Throws
    /// `storage_failed`.
    package func prune(
        _ ids: Set<Int64>? = nil,
        dryRun: Bool = false,
        by caller: Caller
    ) async throws(RegistryError) -> [Allocation] {
        try await committer.perform { context in
            let pruned = try context.transaction.allocationsWithExitedOwners(of: nil).filter { allocation in
                try ids?.contains(allocation.id) ?? true && allocation.onlyWaits && !context.isInUse(allocation)
            }
            guard !dryRun else { return .success(pruned) }
            for allocation in pruned {
                try context.end(allocation, .expired, by: caller, reason: "pruned: \(allocation.exits) ended")
            }
            return .success(pruned)
        }
    }
}

extension Allocation {
    /// Whether every hold waits out the grace of an owner that has exited. A lingering allocation has no hold: only its
    /// listener keeps it.
    var onlyWaits: Bool { !holds.isEmpty && !isAlive }

    /// The processes that owned the allocation: `process 12 has`, `processes 12, 14 have`.
    fileprivate var exits: String {
        let pids = holds.compactMap(\.owner?.pid).map(String.init)
        return pids.count == 1 ? "process \(pids[0]) has" : "processes \(pids.joined(separator: ", ")) have"
    }
}
