package import PortModel

/// What has happened since the last look, by the registry's own journal: so what other programs write is told, too.
package struct EventReader: Sendable {
    private let registry: Registry
    private var lastEntry: Int64
    private var lastRenewal: Int64

    /// What is new.
    package struct Batch: Sendable {
        /// The oldest first; sockets and renewals behind the journal's.
        package var events: [RegistryEvent]
        /// The journal has lost some of what happened since the last look: more than it keeps happened at once.
        package var isIncomplete: Bool
    }

    /// Begins now.
    package init(registry: Registry) async throws(RegistryError) {
        self.registry = registry
        (lastEntry, lastRenewal) = try await registry.read {
            (try $0.journal(limit: 1).first?.id ?? 0, try $0.renewalCount())
        }
    }

    /// The events since the last call, and those that `changes` are. Throws `storage_failed`.
    package mutating func next(with changes: [SocketChange] = []) async throws(RegistryError) -> Batch {
        let (entry, renewal) = (lastEntry, lastRenewal)
        let socketPorts = changes.map(\.port)
        let (entries, renewed, count, allocations) = try await registry.read { reading in
            let entries = try reading.journal(after: entry)
            let renewed = try reading.allocations(renewedAfter: renewal)
            // In one snapshot: what is told of a port is what its last event made of it.
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
        let reports = registry.reports(on: allocations + renewed)
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
            // What it was when the socket was seen may be over.
            report.allocation = allocation
            kind = .listenerAppeared(report)
        }
        self.init(kind: kind, at: change.at, port: change.port, allocation: allocation)
    }
}
