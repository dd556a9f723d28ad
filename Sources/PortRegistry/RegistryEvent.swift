package import PortModel

#if canImport(FoundationEssentials)
    package import struct FoundationEssentials.Date
#else
    package import struct Foundation.Date
#endif

/// Something that became of a port, for whoever watches.
package struct RegistryEvent: Sendable {
    package enum Kind: Sendable {
        /// The registry's story goes on.
        case journal(JournalEntry)
        /// A hold lives on, because somebody asked for it again.
        case renewed(Allocation)
        case listenerAppeared(ListenerReport)
        case listenerGone(Port)
    }

    package var kind: Kind
    package var at: Date
    /// `nil` for what is about no port.
    package var port: Port?
    /// What has the port now; `nil` for nobody.
    package var allocation: AllocationReport?
}

/// What has happened since the last look, by the registry's own journal: so what other programs write is told, too.
package struct EventReader: Sendable {
    private let registry: Registry
    private var lastEntry: Int64
    private var lastRenewal: Int64

    /// Begins now.
    package init(registry: Registry) async throws(RegistryError) {
        self.registry = registry
        (lastEntry, lastRenewal) = try await registry.ask {
            (try $0.journal(limit: 1).first?.id ?? 0, try $0.renewalCount())
        }
    }

    /// The events since the last call, the oldest first. Throws `storage_failed`.
    package mutating func next() async throws(RegistryError) -> [RegistryEvent] {
        let (entry, renewal) = (lastEntry, lastRenewal)
        let (entries, renewed, count, allocations) = try await registry.ask { reading in
            let entries = try reading.journal(after: entry)
            let renewed = try reading.allocations(renewedAfter: renewal)
            // In one snapshot: what is told of a port is what its last event made of it.
            let ports = Set(entries.compactMap(\.port))
            return (
                entries, renewed, try reading.renewalCount(), try ports.compactMap { try reading.allocation(on: $0) }
            )
        }
        lastEntry = entries.last?.id ?? lastEntry
        lastRenewal = count
        guard !entries.isEmpty || !renewed.isEmpty else { return [] }
        let reports = registry.reports(on: allocations + renewed)
        let byPort = Dictionary(reports.map { ($0.allocation.port, $0) }) { first, _ in first }
        return entries.map { entry in
            RegistryEvent(
                kind: .journal(entry),
                at: entry.at,
                port: entry.port,
                allocation: entry.port.flatMap { byPort[$0] }
            )
        }
            + renewed.map { allocation in
                RegistryEvent(
                    kind: .renewed(allocation),
                    at: allocation.lastSeen,
                    port: allocation.port,
                    allocation: byPort[allocation.port]
                )
            }
    }
}
