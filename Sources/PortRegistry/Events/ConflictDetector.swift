package import PortModel

#if canImport(FoundationEssentials)
    import struct FoundationEssentials.Date
#else
    import struct Foundation.Date
#endif

/// Detects, between requests, that another process has taken an allocated port.
///
/// Create a ``ChangeToken`` at a regular interval of less than a second, and call ``inspect(_:wantsChanges:)`` with
/// each new one. The processes behind the sockets are read only when the token shows new sockets or commits.
package struct ConflictDetector {
    private let registry: Registry
    private var seen: ChangeToken
    private var verdicts: [Int64: Verdict] = [:]

    /// The state of an allocation, and the facts it was derived from.
    private struct Verdict {
        var state: AllocationState
        var sockets: Set<UInt32>
        var owners: [Owner]
        var directory: String?
    }

    /// A cheap fingerprint of store and sockets; a different value means there is something to inspect.
    package struct ChangeToken: Sendable, Equatable {
        /// The store's revision; `nil` before the first inspection.
        fileprivate var revision: Int64?
        /// The inodes of the listening sockets, with their ports.
        fileprivate var sockets: [UInt32: Port]

        /// Reads the store's revision and the kernel's sockets, and blocks meanwhile. Throws `storage_failed` and
        /// `system_unavailable`.
        @available(*, noasync)
        package init(at registry: Registry) throws(RegistryError) {
            do { revision = try registry.store.revision() } catch { throw .storage(error) }
            sockets = try registry.machine.blocking.listeningSockets()
        }

        fileprivate init(sockets: [UInt32: Port]) { self.sockets = sockets }
    }

    /// The result of an inspection.
    package struct Inspection: Sendable {
        /// When the next hold ends; `nil` when that is unknown.
        package var next: Uptime?
        /// Whether the registry was changed since the last inspection, by this process or another.
        package var isChanged = false
        /// The sockets that were opened and closed.
        package var changes: [SocketChange] = []
    }

    /// Creates a detector that does not report the sockets that listen now as changes.
    package init(registry: Registry) async {
        self.registry = registry
        seen = ChangeToken(sockets: await registry.machine.inspect { try? $0.listeningSockets() } ?? [:])
    }

    /// Inspects what is new in `token`, and records a conflict for each allocation whose port another process has taken
    /// since the last inspection. Expires holds when the registry was changed. `wantsChanges` says whether to collect
    /// ``Inspection/changes``. Throws `storage_failed` and `system_unavailable`; inspect the same token again then.
    package mutating func inspect(
        _ token: ChangeToken,
        wantsChanges: Bool = false
    ) async throws(RegistryError) -> Inspection {
        guard token != seen else { return Inspection() }
        var inspection = Inspection(isChanged: token.revision != seen.revision)
        // Another program may have placed a hold whose owner must be watched from now on.
        if inspection.isChanged { inspection.next = try await registry.expireHolds() }
        try await detectConflicts(on: token.sockets)
        if wantsChanges { inspection.changes = try await changes(to: token.sockets) }
        seen = token
        return inspection
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

    private mutating func detectConflicts(on sockets: [UInt32: Port]) async throws(RegistryError) {
        let inodes = Dictionary(grouping: sockets.keys) { sockets[$0]! }.mapValues(Set.init)
        let allocations = try await registry.read { reading in
            try reading.allocations(on: Set(inodes.keys))
        }
        let pending = allocations.filter { !isInspected($0, by: inodes[$0.port] ?? []) }
        var current: [Int64: Verdict] = [:]
        for allocation in allocations { current[allocation.id] = verdicts[allocation.id] }
        guard !pending.isEmpty else {
            verdicts = current
            return
        }
        let ports = Set(pending.map(\.port))
        let occupancies = try await registry.machine.inspect { machine throws(RegistryError) in
            try machine.occupancies(of: ports)
        }
        for allocation in pending {
            let occupancy = occupancies[allocation.port]
            let state = AllocationState(of: allocation, isHeld: occupancy != nil, occupancy: occupancy)
            if state == .conflict, verdicts[allocation.id]?.state != .conflict {
                try await record(allocation, occupancy?.occupiers ?? [])
            }
            current[allocation.id] = Verdict(
                state: state,
                sockets: inodes[allocation.port] ?? [],
                owners: allocation.holds.compactMap(\.livingOwner),
                directory: allocation.directory
            )
        }
        verdicts = current
    }

    /// Whether nothing has changed that the verdict depends on.
    private func isInspected(_ allocation: Allocation, by sockets: Set<UInt32>) -> Bool {
        guard let verdict = verdicts[allocation.id], !allocation.holds.isEmpty else { return false }
        return verdict.sockets == sockets && verdict.directory == allocation.directory
            && verdict.owners == allocation.holds.compactMap(\.livingOwner)
    }

    private func record(_ allocation: Allocation, _ occupiers: [Occupier]) async throws(RegistryError) {
        let reason = "\(Occupier.names(of: occupiers)) listens on its port"
        try await registry.committer.perform { context in
            // The daemon may have recorded it before it was restarted.
            let last = try context.transaction.journal(about: allocation.port, limit: 1).first
            if last?.action != .conflict || last?.reason != reason {
                try context.record(.conflict, allocation, by: Caller(face: .registry), reason: reason)
            }
            return .success(())
        }
    }
}
