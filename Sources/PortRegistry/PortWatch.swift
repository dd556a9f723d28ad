package import PortModel

#if canImport(FoundationEssentials)
    internal import struct FoundationEssentials.Date
#else
    internal import struct Foundation.Date
#endif

/// What becomes of allocated ports between requests: looks for sockets and commits that are new, and only then at who
/// listens where. To be asked about once a second, and more often while somebody wants to know of sockets.
package struct PortWatch {
    private let registry: Registry
    private var sockets: [UInt32: Port]
    private var revision: Int64?
    private var verdicts: [Int64: Verdict] = [:]

    /// The state of an allocation, and what it was judged by.
    private struct Verdict {
        var state: AllocationState
        var sockets: Set<UInt32>
        var owners: [Owner]
        var folder: String?
    }

    /// What was found.
    package struct Look: Sendable {
        /// When something is to be done again that only time brings; `nil`: nothing is known of it.
        package var next: Uptime?
        /// Whether the registry was changed since the last look, by whomever.
        package var isChanged = false
        /// The sockets that came and went.
        package var changes: [SocketChange] = []
    }

    /// What listens now is no news.
    package init(registry: Registry) {
        self.registry = registry
        sockets = (try? registry.machine.listeningSockets()) ?? [:]
    }

    /// Looks once, and records each allocation whose port a stranger has taken since the last look. Also ends what is
    /// over, when the registry was changed. `wantsChanges`: whether anybody wants to know of sockets. Throws
    /// `storage_failed`.
    package mutating func look(wantsChanges: Bool = false) async throws(RegistryError) -> Look {
        let revision: Int64
        do { revision = try registry.store.revision() } catch { throw .storage(error) }
        let sockets = try registry.machine.listeningSockets()
        guard revision != self.revision || sockets != self.sockets else { return Look() }
        var look = Look(isChanged: revision != self.revision)
        // Another program may have placed a hold whose owner must be watched from now on.
        if look.isChanged { look.next = try await registry.tidy() }
        try await judge(sockets)
        if wantsChanges { look.changes = try await changes(to: sockets) }
        self.sockets = sockets
        self.revision = revision
        return look
    }

    private func changes(to sockets: [UInt32: Port]) async throws(RegistryError) -> [SocketChange] {
        let appeared = sockets.filter { self.sockets[$0.key] == nil }
        let gone = Set(self.sockets.filter { sockets[$0.key] == nil }.values)
        let now = Date()
        let listeners = appeared.isEmpty ? [] : try await registry.listeners(on: Set(appeared.values))
        return gone.sorted().map { SocketChange(kind: .gone($0), at: now) }
            + listeners.filter { appeared[$0.listener.inode] != nil }
            .map { SocketChange(kind: .appeared($0), at: now) }
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
        let occupancies = try registry.machine.occupancies(of: Set(pending.map(\.port)))
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
        let reason = "\(KillPolicy.names(of: occupiers)) listens on its port"
        try await registry.committer.perform { unit in
            // Told already, by a watcher that was here before.
            let last = try unit.transaction.journal(about: allocation.port, limit: 1).first
            if last?.action != .conflict || last?.reason != reason {
                try unit.record(.conflict, allocation, by: Asker(face: .registry), reason: reason)
            }
            return .success(())
        }
    }
}
