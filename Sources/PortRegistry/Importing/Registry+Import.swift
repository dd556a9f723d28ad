package import PortModel

extension Registry {
    /// Takes over what services had in another system, in one transaction. An entry whose process lives becomes an
    /// allocation with a hold of the caller's face; of all others, the port is remembered. Whatever the registry knows
    /// already stays as it is: such entries are skipped. Throws `storage_failed`.
    package func importEntries(
        _ entries: [ImportEntry],
        from source: String,
        dryRun: Bool,
        by caller: Caller
    ) async throws(RegistryError) -> (imported: [ImportEntry], skipped: [ImportList.Skipped]) {
        try await committer.perform { [machine] context in
            var imported: [ImportEntry] = []
            var skipped: [ImportList.Skipped] = []
            var ports: Set<Port> = []
            for var entry in entries {
                let lifetime = try entry.pid.flatMap {
                    try Self.lifetime(ofPID: $0, at: context.uptime, machine: machine, caller: caller)
                }
                if lifetime == nil { entry.pid = nil }
                let isTwice = !ports.insert(entry.port).inserted
                if let reason = try isTwice ? "it was sent twice" : context.reasonToSkip(entry) {
                    let port = Int64(entry.port.number)
                    skipped.append(.init(name: entry.identity.machineWideName, port: port, reason: reason))
                    continue
                }
                if !dryRun { try context.takeOver(entry, lifetime, from: source, by: caller) }
                imported.append(entry)
            }
            return .success((imported, skipped))
        }
    }

    /// The lifetime of a hold for the process; `nil` when it cannot be an owner.
    private static func lifetime(
        ofPID pid: Int32,
        at now: Uptime,
        machine: any Machine,
        caller: Caller
    ) throws -> Hold.Lifetime? {
        let hold = try RequestedHold(face: caller.face, ttl: nil, ownerPID: Int(pid), grace: nil)
        return try? hold.lifetime(at: now, machine: machine, caller: caller).lifetime
    }
}

extension GroupCommitter.WriteContext {
    /// Why the registry keeps what it has; `nil` when it has nothing that contradicts the entry.
    fileprivate func reasonToSkip(_ entry: ImportEntry) throws -> String? {
        let same = "it has this port here already"
        if let holder = try transaction.allocation(on: entry.port) {
            let isSame = holder.identity == entry.identity && !entry.identity.isAnonymous
            return isSame ? same : "port \(entry.port) is allocated to \(holder.identity.machineWideName)"
        }
        if entry.identity.isAnonymous {
            return entry.pid == nil ? "it has no name to remember the port for, and no process that runs" : nil
        }
        let own = try transaction.allocations(of: entry.identity).first { $0.replica == entry.replica }
        if let own { return "it has port \(own.port) here" }
        if let last = try transaction.rememberedPort(of: entry.identity, replica: entry.replica) {
            return last == entry.port ? same : "it had port \(last) here last"
        }
        return transaction.rememberedPorts.contains(entry.port)
            ? "port \(entry.port) is remembered for another service" : nil
    }

    fileprivate func takeOver(
        _ entry: ImportEntry,
        _ lifetime: Hold.Lifetime?,
        from source: String,
        by caller: Caller
    ) throws {
        if let lifetime {
            let isAnonymous = entry.identity.isAnonymous
            _ = try transaction.insert(
                NewAllocation(
                    identity: entry.identity,
                    replica: isAnonymous ? transaction.unusedReplica(of: entry.identity) : entry.replica,
                    port: entry.port,
                    directory: nil,
                    hold: Hold(face: caller.face, placedAt: now, renewedAt: now, lifetime: lifetime)
                )
            )
        } else {
            try transaction.remember(entry.identity, replica: entry.replica, port: entry.port, at: now)
        }
        try transaction.record(
            JournalEntry(
                at: now,
                action: .takenOver,
                caller: caller,
                identity: entry.identity,
                port: entry.port,
                reason: "\(lifetime == nil ? "remembered" : "allocated"), as \(source) had it"
            )
        )
    }
}
