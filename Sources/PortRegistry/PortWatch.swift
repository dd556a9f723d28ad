package import PortModel

/// What becomes of allocated ports between requests: looks for sockets and commits that are new, and only then at who
/// listens where. To be asked about once a second.
package struct PortWatch {
    private let registry: Registry
    private var sockets: [UInt32: Port] = [:]
    private var revision: Int64?
    private var verdicts: [Int64: Verdict] = [:]

    /// The state of an allocation, and what it was judged by.
    private struct Verdict {
        var state: AllocationState
        var sockets: Set<UInt32>
        var owners: [Owner]
        var folder: String?
    }

    package init(registry: Registry) { self.registry = registry }

    /// Looks once, and records each allocation whose port a stranger has taken since the last look. Also ends what is
    /// over, when the registry was changed, and returns when that must be done again. Throws `storage_failed`.
    package mutating func look() async throws(RegistryError) -> Uptime? {
        let revision: Int64
        do { revision = try registry.store.revision() } catch { throw .storage(error) }
        let sockets = registry.machine.listeningSockets()
        guard revision != self.revision || sockets != self.sockets else { return nil }
        // Another program may have placed a hold whose owner must be watched from now on.
        let next = revision == self.revision ? nil : try await registry.tidy()
        try await judge(sockets)
        self.sockets = sockets
        self.revision = revision
        return next
    }

    private mutating func judge(_ sockets: [UInt32: Port]) async throws(RegistryError) {
        let inodes = Dictionary(grouping: sockets.keys) { sockets[$0]! }.mapValues(Set.init)
        let allocations = try await registry.ask { reading in
            try inodes.keys.compactMap { try reading.allocation(on: $0) }
        }
        let pending = allocations.filter { !isJudged($0, by: inodes[$0.port] ?? []) }
        var judged: [Int64: Verdict] = [:]
        for allocation in allocations { judged[allocation.id] = verdicts[allocation.id] }
        guard !pending.isEmpty else {
            verdicts = judged
            return
        }
        let occupancies = registry.machine.occupancies(of: Set(pending.map(\.port)))
        for allocation in pending {
            let occupancy = occupancies[allocation.port]
            let state = AllocationState(of: allocation, isHeld: occupancy != nil, occupancy: occupancy)
            if state == .conflict, verdicts[allocation.id]?.state != .conflict {
                try await record(allocation, occupancy?.occupiers ?? [])
            }
            judged[allocation.id] = Verdict(
                state: state,
                sockets: inodes[allocation.port] ?? [],
                owners: allocation.holds.compactMap(\.livingOwner),
                folder: allocation.folder
            )
        }
        verdicts = judged
    }

    /// Whether nothing has changed that a verdict depends on.
    private func isJudged(_ allocation: Allocation, by sockets: Set<UInt32>) -> Bool {
        guard let verdict = verdicts[allocation.id], !allocation.holds.isEmpty else { return false }
        return verdict.sockets == sockets && verdict.folder == allocation.folder
            && verdict.owners == allocation.holds.compactMap(\.livingOwner)
    }

    private func record(_ allocation: Allocation, _ occupiers: [Occupier]) async throws(RegistryError) {
        try await registry.committer.perform { unit in
            try unit.record(
                .conflict,
                allocation,
                by: Asker(face: .registry),
                reason: "\(KillPolicy.names(of: occupiers)) listens on its port"
            )
            return .success(())
        }
    }
}
