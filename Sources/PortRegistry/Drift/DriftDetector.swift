import PortModel

/// Finds services that have listened on exactly one other port for ``Drift/delay`` seconds while nobody listens on
/// their own.
///
/// Only sockets that are new are looked at: their processes are remembered as long as they are open. A socket of which
/// no process could be read is looked at again a few times.
struct DriftDetector {
    /// What listens on ports that are not ephemeral, by the inode of the socket.
    private var listeners: [UInt32: Listener] = [:]
    /// Of the listeners without a process, those that are read again, and when.
    private var retries: [UInt32: Retry] = [:]
    /// What may become a drift, and since when.
    private var candidates: [Drift: Uptime] = [:]

    /// When a candidate becomes a drift, or a socket is read again; `nil` without any.
    private(set) var due: Uptime?

    /// The next time at which a socket's processes are read, and how long to wait after that.
    private struct Retry {
        var at: Uptime
        var pause: Int64

        /// The first pause, in milliseconds; each is twice the one before. A process that changes its user is hidden
        /// for less than that, and what belongs to other users stays hidden.
        static let first: Int64 = 250
        /// The last pause, in milliseconds.
        static let last: Int64 = 4000
    }

    /// The range for clients' ports where the system does not tell its own: RFC 6335, section 6.
    private static let usualEphemeralRange = PortRange("49152-65535")!

    /// Compares the sockets with the services. Returns the ports of services that do not drift any longer. Throws
    /// `storage_failed` and `system_unavailable`.
    mutating func inspect(_ sockets: [UInt32: Port], _ registry: Registry) async throws(RegistryError) -> [Port] {
        try await update(sockets, registry)
        let now = registry.uptime
        var current: [Drift: Uptime] = [:]
        for drift in try await found(sockets, registry) { current[drift] = candidates[drift] ?? now }
        candidates = current
        let isDue = { (since: Uptime) in since.advanced(bySeconds: Drift.delay).hasPassed(at: now) }
        var drifts = Set(current.filter { isDue($0.value) }.map(\.key))
        let isNew = { (drift: Drift) in registry.knownDrifts[drift.allocation] != drift }
        if drifts.contains(where: isNew) {
            // The processes were read when their sockets were new; they may have other parents and directories by now.
            try await read(Set(drifts.filter(isNew).map(\.port)), registry, fresh: true)
            drifts.formIntersection(try await found(sockets, registry))
        }
        // Recorded first: what cannot be recorded is new at the next inspection, too.
        for drift in drifts.filter(isNew) { try await record(drift, registry) }
        let ended = registry.knownDrifts.replace(with: Array(drifts))
        let pending = current.values.filter { !isDue($0) }.map { $0.advanced(bySeconds: Drift.delay) }
        due = (pending + retries.values.map(\.at)).min { $0.milliseconds < $1.milliseconds }
        return ended.map(\.ownPort)
    }

    /// Reads the processes of new sockets on ports that are not ephemeral, and of those that showed none before.
    private mutating func update(_ sockets: [UInt32: Port], _ registry: Registry) async throws(RegistryError) {
        listeners = listeners.filter { sockets[$0.key] == $0.value.port }
        retries = retries.filter { listeners[$0.key] != nil }
        let ephemeral = registry.machine.ephemeralRange ?? Self.usualEphemeralRange
        let now = registry.uptime
        let unread = sockets.filter { inode, port in
            guard listeners[inode] != nil else { return !ephemeral.contains(port) }
            return retries[inode]?.at.hasPassed(at: now) ?? false
        }
        guard !unread.isEmpty else { return }
        try await read(Set(unread.values), registry, fresh: false)
        for inode in unread.keys {
            let pause = retries[inode].map { $0.pause * 2 } ?? Retry.first
            let isHidden = listeners[inode]?.occupiers.isEmpty ?? false
            retries[inode] =
                isHidden && pause <= Retry.last ? Retry(at: now.advanced(byMilliseconds: pause), pause: pause) : nil
        }
    }

    /// Reads the processes that listen on `ports`.
    private mutating func read(_ ports: Set<Port>, _ registry: Registry, fresh: Bool) async throws(RegistryError) {
        let found = try await registry.machine.inspect { machine throws(RegistryError) in
            try machine.listeners(on: ports, fresh: fresh)
        }
        for listener in found { listeners[listener.inode] = listener }
    }

    /// Returns the services of which a process listens on exactly one other port, and nobody on their own.
    private func found(_ sockets: [UInt32: Port], _ registry: Registry) async throws(RegistryError) -> [Drift] {
        let listeners = self.listeners.values.filter { !$0.occupiers.isEmpty }
        guard !listeners.isEmpty else { return [] }
        let (neighbours, allocations) = try await registry.read { reading in
            let allocated = Set(try reading.allocations(on: Set(listeners.map(\.port))).map(\.port))
            let free = listeners.filter { !allocated.contains($0.port) }
            let neighbours = try Neighbours(of: free, reading: reading)
            let byService = Dictionary(grouping: free) { neighbours.service(of: $0) }
            return (
                neighbours,
                try byService.compactMap { id, listeners in
                    try id.flatMap { try reading.allocation(id: $0) }.map { ($0, listeners) }
                }
            )
        }
        let taken = Set(sockets.values)
        var drifts: [Drift] = []
        for (allocation, listeners) in allocations where !taken.contains(allocation.port) && !allocation.holds.isEmpty {
            let own = listeners.filter { listener in
                !listener.occupiers.contains { DebuggerPort.isOne(listener.port, of: $0) }
            }
            guard let first = own.min(by: { $0.inode < $1.inode }), Set(own.map(\.port)).count == 1,
                await registry.areOwn(own, of: allocation, neighbours)
            else { continue }
            drifts.append(
                Drift(allocation: allocation.id, ownPort: allocation.port, port: first.port, socket: first.inode)
            )
        }
        return drifts
    }

    private func record(_ drift: Drift, _ registry: Registry) async throws(RegistryError) {
        let names = Occupier.names(of: listeners[drift.socket]?.occupiers ?? [])
        let reason =
            "\(names) listens on port \(drift.port) instead; if its command does not read PORT, "
            + "give it the number as an argument: {port} stands for it"
        try await registry.committer.perform { context in
            guard let allocation = try context.transaction.allocation(id: drift.allocation) else { return .success(()) }
            // The daemon may have recorded it before it was restarted.
            let last = try context.transaction.journal(about: allocation.port, limit: 1).first
            if last?.action != .drifted || last?.reason != reason {
                try context.record(.drifted, allocation, by: Caller(face: .registry), reason: reason)
            }
            return .success(())
        }
    }
}

extension Neighbours {
    /// Returns the one service whose process tree the listener's processes belong to, by their nearest owners or their
    /// marks; `nil` for none, and for several.
    fileprivate func service(of listener: Listener) -> Int64? {
        let all = Set(listener.occupiers.flatMap(services))
        return all.count == 1 ? all.first : nil
    }

    private func services(of process: Occupier) -> Set<Int64> {
        let nearest = ([process.pid] + process.ancestors).lazy.compactMap { owners[$0] }.first
        if let nearest { return nearest }
        return process.mark.flatMap { $0.registry == registry ? [$0.allocation] : nil } ?? []
    }
}
