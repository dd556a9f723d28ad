package import PortModel

extension Registry {
    /// The longest time that one call of ``wait(for:in:atMost:)`` takes.
    package static let maximumWaitMilliseconds = 10_000

    /// How often the kernel and the store are asked meanwhile whether anything is new. Neither announces a socket that
    /// begins to listen. One question takes about 0.4 ms of the processor.
    private static let waitInterval = Duration.milliseconds(50)

    /// After how many questions without anything new the processes are looked at all the same: one may have changed
    /// its directory or executed another program.
    private static let questionsPerVerdict = 20

    /// Makes every call of ``wait(for:ownedBy:in:atMost:)`` return what is so now, and all later ones at once.
    package func endWaiting() { waitEnd.come() }

    /// Waits until each of the services that `names` mean listens on its own port, for at most `duration`; less when
    /// the registry stops. Names are resolved as in ``ownAllocations(named:in:)``; one without a port is waited for.
    /// Somebody of whom nothing is known counts as the service, somebody else does not. Ends at once when the owner of
    /// one exits that does not listen, or has exited since an earlier call: `owners` are the pids that it returned.
    /// Throws `invalid_name`, `ambiguous_name`, `storage_failed` or `system_unavailable`.
    package func wait(
        for names: [String],
        ownedBy owners: [String: Int32] = [:],
        in scope: ProjectScope?,
        atMost duration: Duration
    ) async throws(RegistryError) -> ServiceWait {
        let deadline = ContinuousClock.now + min(duration, .milliseconds(Self.maximumWaitMilliseconds))
        var seen = Seen(owners: owners)
        var isFirst = true
        while true {
            let token = try await changeToken()
            let wait = try await inspect(for: names, in: scope, &seen)
            guard wait.status == .waiting else { return wait }
            if seen.hasDoubt, isFirst || ContinuousClock.now < deadline && !waitEnd.hasCome {
                do { try await Task.sleep(for: Self.waitInterval) } catch { return wait }
            } else if try await !mayHaveChanged(since: token, before: deadline) {
                return wait
            }
            isFirst = false
        }
    }

    /// What a wait has seen so far, by the name of the service.
    private struct Seen {
        /// The pid of an owner.
        var owners: [String: Int32]
        /// The sockets of which nothing was known at the last inspection.
        var unproven: [String: Set<UInt32>] = [:]
        /// Whether one of these was new at the last inspection, and nobody else listened for its service.
        var hasDoubt = false
    }

    /// Whether something may be new; `false` when the time is up, or the registry stops.
    private func mayHaveChanged(
        since token: ConflictDetector.ChangeToken,
        before deadline: ContinuousClock.Instant
    ) async throws(RegistryError) -> Bool {
        for _ in 0..<Self.questionsPerVerdict {
            let rest = deadline - ContinuousClock.now
            guard rest > .zero, !waitEnd.hasCome, !changeFeed.isStopped else { return false }
            do { try await Task.sleep(for: min(rest, Self.waitInterval)) } catch { return false }
            if try await changeToken() != token { return true }
        }
        return true
    }

    private func changeToken() async throws(RegistryError) -> ConflictDetector.ChangeToken {
        try await onBlockingThread { () throws(RegistryError) in try ConflictDetector.ChangeToken(at: self) }
    }

    /// Looks at the services. One of which nothing is known counts when it is seen twice: a process that is ending
    /// shows neither its directory nor its files for a moment, but still has its socket.
    private func inspect(
        for names: [String],
        in scope: ProjectScope?,
        _ seen: inout Seen
    ) async throws(RegistryError) -> ServiceWait {
        var services: [ServiceWait.Service] = []
        seen.hasDoubt = false
        for name in names {
            let allocations = try await ownAllocations(named: name, in: scope)
            let verdicts = allocations.isEmpty ? [] : try await self.verdicts(on: allocations)
            let own = verdicts.filter { $0.actualPort == nil }
            let unproven = own.filter { $0.verdict.verdict == .unknown }
            let sockets = Set(unproven.flatMap(\.verdict.listeners).map(\.listener.inode))
            let again = unproven.first { port in
                port.verdict.listeners.contains { seen.unproven[name]?.contains($0.listener.inode) ?? false }
            }
            let ready = own.first { $0.verdict.verdict == .mine } ?? again
            seen.unproven[name] = sockets
            if ready == nil, !sockets.isEmpty { seen.hasDoubt = true }
            let owner = allocations.lazy.flatMap(\.holds).compactMap(\.livingOwner).first
            // One that has been replaced by another owner is not missed.
            let exited = ready == nil && owner == nil ? seen.owners[name] : nil
            if let owner { seen.owners[name] = owner.pid }
            services.append(
                ServiceWait.Service(
                    name: name,
                    status: ready != nil ? .ready : exited != nil ? .exited : .waiting,
                    verdict: ready ?? verdicts.first,
                    owner: owner?.pid,
                    exited: exited
                )
            )
        }
        return ServiceWait(services: services)
    }
}
