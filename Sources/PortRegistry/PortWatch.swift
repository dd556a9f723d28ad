package import PortModel

#if canImport(FoundationEssentials)
    internal import struct FoundationEssentials.Date
#else
    internal import struct Foundation.Date
#endif

/// What becomes of allocated ports between requests: who listens where is looked at only when a ``Glance`` shows
/// sockets or commits that are new. To be glanced twice a second, and more often while somebody wants to know of
/// sockets.
package struct PortWatch {
    private let registry: Registry
    private var seen: Glance
    private var verdicts: [Int64: Verdict] = [:]

    /// The state of an allocation, and what it was judged by.
    private struct Verdict {
        var state: AllocationState
        var sockets: Set<UInt32>
        var owners: [Owner]
        var folder: String?
    }

    /// What costs next to nothing to see, and tells by being another one that there is something to look at.
    package struct Glance: Sendable, Equatable {
        /// Of the store; `nil` before the first look.
        fileprivate var revision: Int64?
        /// Listening, with their ports.
        fileprivate var sockets: [UInt32: Port]

        /// Throws `storage_failed` and `machine_busy`.
        package init(at registry: Registry) throws(RegistryError) {
            do { revision = try registry.store.revision() } catch { throw .storage(error) }
            sockets = try registry.machine.listeningSockets()
        }

        fileprivate init(sockets: [UInt32: Port]) { self.sockets = sockets }
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
        seen = Glance(sockets: (try? registry.machine.listeningSockets()) ?? [:])
    }

    /// Looks at what is new in `glance`, and records each allocation whose port a stranger has taken since the last
    /// look. Also ends what is over, when the registry was changed. `wantsChanges`: whether anybody wants to know of
    /// sockets. Throws `storage_failed` and `machine_busy`; the same glance is to be looked at again then.
    package mutating func look(at glance: Glance, wantsChanges: Bool = false) async throws(RegistryError) -> Look {
        guard glance != seen else { return Look() }
        var look = Look(isChanged: glance.revision != seen.revision)
        // Another program may have placed a hold whose owner must be watched from now on.
        if look.isChanged { look.next = try await registry.tidy() }
        try await judge(glance.sockets)
        if wantsChanges { look.changes = try await changes(to: glance.sockets) }
        seen = glance
        return look
    }

    private func changes(to sockets: [UInt32: Port]) async throws(RegistryError) -> [SocketChange] {
        let appeared = sockets.filter { seen.sockets[$0.key] == nil }
        let gone = Set(seen.sockets.filter { sockets[$0.key] == nil }.values)
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
