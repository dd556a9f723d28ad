package import PortModel

/// Detects, between requests, what nobody announces: that another process has taken an allocated port, and what other
/// processes have committed.
///
/// Create a ``ChangeToken`` at a regular interval of less than a second, and call ``inspect(_:)`` with each new one.
/// The processes behind the sockets are read only when the token shows new sockets or commits. A commit of this process
/// makes it compare the allocations with the sockets, and nothing else: such commits expire holds, and are published,
/// by themselves. It also finds services that listen on another port than their own.
package struct ConflictDetector {
    private let registry: Registry
    private var seen: ChangeToken
    private var verdicts: [Int64: Inspection] = [:]
    private var drifts = DriftDetector()

    /// When to call ``inspect(_:)`` again, even with the same token; `nil` when only a new one needs it.
    package var nextInspection: Uptime? { drifts.due }

    /// The state of an allocation, and the facts it was derived from.
    private struct Inspection {
        var state: AllocationState
        var sockets: Set<UInt32>
        var owners: [Owner]
        var directory: String?
    }

    /// A cheap fingerprint of store and sockets; a different value means there is something to inspect.
    package struct ChangeToken: Sendable, Equatable {
        /// The commits of other processes; `nil` before the first inspection.
        fileprivate var externalRevision: Int64?
        /// The number of commits of this process.
        fileprivate var ownCommits: Int64 = 0
        /// The inodes of the listening sockets, with their ports.
        fileprivate var sockets: [UInt32: Port]

        /// Reads what was committed and the kernel's sockets, and blocks meanwhile. Throws `storage_failed` and
        /// `system_unavailable`.
        @available(*, noasync)
        package init(at registry: Registry) throws(RegistryError) {
            do { externalRevision = try registry.store.externalRevision() } catch { throw .storage(error) }
            ownCommits = registry.changeFeed.ownCommits
            sockets = try registry.machine.blocking.listeningSockets()
        }

        fileprivate init(sockets: [UInt32: Port]) { self.sockets = sockets }
    }

    /// Creates a detector that does not report the sockets that listen now as changes.
    package init(registry: Registry) async {
        self.registry = registry
        seen = ChangeToken(sockets: await registry.machine.inspect { try? $0.listeningSockets() } ?? [:])
    }

    /// Inspects what is new in `token`, and records a conflict for each allocation whose port another process has taken
    /// since the last inspection. When another process has committed, expires holds, and publishes its events; also
    /// publishes the sockets that were opened and closed. Returns when the next hold ends; `nil` when that is unknown.
    /// Throws `storage_failed` and `system_unavailable`; inspect the same token again then.
    package mutating func inspect(_ token: ChangeToken) async throws(RegistryError) -> Uptime? {
        guard token != seen || drifts.due?.hasPassed(at: registry.uptime) ?? false else { return nil }
        var next: Uptime?
        let isExternal = token.externalRevision != seen.externalRevision
        // Another program may have placed a hold whose owner must be watched from now on.
        if isExternal { next = try await registry.expireHolds() }
        try await detectConflicts(on: token.sockets)
        let returned = try await drifts.inspect(token.sockets, registry)
        if isExternal { registry.changeFeed.readSoon() }
        if registry.hasSubscribers, token.sockets != seen.sockets || !returned.isEmpty {
            registry.changeFeed.socketsDidChange(try await changes(to: token.sockets, returned: returned))
        }
        seen = token
        return next
    }

    /// Returns the sockets that were opened and closed. The listener of a service that has listened elsewhere counts as
    /// one of its own port: it is gone there.
    private func changes(
        to sockets: [UInt32: Port],
        returned: [Port]
    ) async throws(RegistryError) -> [SocketChange] {
        let appeared = sockets.filter { seen.sockets[$0.key] == nil }
        let gone = Set(seen.sockets.filter { sockets[$0.key] == nil }.values).union(returned)
        let now = registry.machine.timestamp()
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
        var current: [Int64: Inspection] = [:]
        for allocation in allocations { current[allocation.id] = verdicts[allocation.id] }
        guard !pending.isEmpty else {
            verdicts = current
            return
        }
        let ports = Set(pending.map(\.port))
        let listeners = try await registry.machine.inspect { machine throws(RegistryError) in
            try machine.listeners(on: ports, fresh: false)
        }
        let neighbours = await registry.neighbours(of: listeners)
        let occupied = Set(listeners.map(\.port))
        for report in await registry.reports(on: pending, listeners, neighbours, isHeld: { occupied.contains($0) }) {
            let allocation = report.allocation
            if report.state == .conflict, verdicts[allocation.id]?.state != .conflict {
                try await record(report)
            }
            // What keeps its port only because somebody listens is kept by that process, once it is known as its own.
            if report.state == .lingering, report.verdict.verdict == .mine { try await registry.hold(allocation) }
            current[allocation.id] = Inspection(
                state: report.state,
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

    private func record(_ report: AllocationReport) async throws(RegistryError) {
        let allocation = report.allocation
        let why = report.verdict.deciding.map { ": \($0.reason.text)" } ?? ""
        let reason = "\(report.verdict.foreignNames) listens on its port\(why)"
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
