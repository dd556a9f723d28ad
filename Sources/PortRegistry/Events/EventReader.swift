import PortModel

/// Reads events from the registry's journal, so that changes by other programs are reported, too.
struct EventReader: Sendable {
    private let registry: Registry
    private var lastEntry: Int64
    private var lastRenewal: Int64

    /// The events since the last call.
    struct Batch: Sendable {
        /// Oldest first. Those of renewals and sockets come after those of the journal.
        var events: [RegistryEvent]
        /// Whether events are missing: since the last call, more entries were added to the journal than it keeps.
        var isIncomplete: Bool
    }

    /// Creates a reader that starts after the newest entry. Throws `storage_failed`.
    init(registry: Registry) async throws(RegistryError) {
        self.registry = registry
        (lastEntry, lastRenewal) = try await registry.read {
            (try $0.journal(limit: 1).first?.id ?? 0, try $0.renewalCount())
        }
    }

    /// Returns the events since the last call, and an event for each of `changes`. Throws `storage_failed`.
    mutating func next(with changes: [SocketChange] = []) async throws(RegistryError) -> Batch {
        let (entry, renewal) = (lastEntry, lastRenewal)
        let socketPorts = changes.map(\.port)
        let (entries, renewed, count, allocations) = try await registry.read { reading in
            let entries = try reading.journal(after: entry)
            let renewed = try reading.allocations(renewedAfter: renewal)
            // Read in the same snapshot as the journal: the result must agree with the last event of the port.
            let ports = Set(entries.compactMap(\.port) + socketPorts)
            return (
                entries, renewed, try reading.renewalCount(), try ports.compactMap { try reading.allocation(on: $0) }
            )
        }
        lastEntry = entries.last?.id ?? lastEntry
        lastRenewal = count
        guard !entries.isEmpty || !renewed.isEmpty || !changes.isEmpty else {
            return Batch(events: [], isIncomplete: false)
        }
        let reports = await registry.reports(on: allocations + renewed)
        let byPort = Dictionary(reports.map { ($0.allocation.port, $0) }) { first, _ in first }
        var events = entries.map { entry in
            let allocation = entry.port.flatMap { byPort[$0] }
            return RegistryEvent(kind: .journal(entry), at: entry.at, port: entry.port, allocation: allocation)
        }
        events += renewed.map { allocation in
            let (at, port) = (allocation.lastSeen, allocation.port)
            return RegistryEvent(kind: .renewed(allocation), at: at, port: port, allocation: byPort[port])
        }
        events += changes.map { RegistryEvent($0, allocation: byPort[$0.port]) }
        let isIncomplete = entries.first.map { $0.id != entry + 1 } ?? false
        return Batch(events: events, isIncomplete: isIncomplete)
    }
}

extension RegistryEvent {
    fileprivate init(_ change: SocketChange, allocation: AllocationReport?) {
        let kind: Kind
        switch change.kind {
        case .gone(let port): kind = .listenerGone(port)
        case .appeared(var report):
            // The allocation may have changed since the socket was inspected.
            report.allocation = allocation
            kind = .listenerAppeared(report)
        }
        self.init(kind: kind, at: change.at, port: change.port, allocation: allocation)
    }
}
