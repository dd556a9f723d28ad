package import PortModel

/// A port that was freed by ending its occupier.
package struct Kill: Hashable, Sendable {
    package var port: Port
    package var victim: Occupier
    /// Whether it had to be SIGKILL.
    package var wasForced: Bool
}

extension Registry {
    /// Whom ``kill(port:pid:force:by:)`` would signal. Throws what that throws before it signals.
    package func victim(on port: Port, pid: Int32?) throws(RegistryError) -> Occupier {
        try KillPolicy.victim(
            on: port,
            occupancy: try machine.occupancies(of: [port], anew: true)[port],
            pid: pid,
            protected: machine.protectedProcesses
        )
    }

    /// Ends the process that listens on `port`, and returns once the port is closed: SIGTERM, and after three seconds,
    /// with `force`, SIGKILL. Throws what ``KillPolicy`` throws, `protected_process` for another user's process, and
    /// `still_listening`, which names who is left, when the port is not closed.
    package func kill(port: Port, pid: Int32?, force: Bool, by asker: Asker) async throws(RegistryError) -> Kill {
        let victim = try victim(on: port, pid: pid)
        let sockets = Set(try machine.listeningSockets(on: port))
        try signal(victim, on: port, sockets: sockets, kill: false)
        var wasForced = false
        var isClosed = await isClosed(port, within: Self.patience)
        if !isClosed && force {
            try signal(victim, on: port, sockets: sockets, kill: true)
            wasForced = true
            isClosed = await self.isClosed(port, within: Self.patienceAfterKill)
        }
        // What is done is done, and said, also when a full disk keeps it out of the story.
        try? await note(victim, on: port, wasForced: wasForced, isClosed: isClosed, by: asker)
        guard isClosed else { throw stillListening(on: port, after: victim, wasForced: wasForced) }
        return Kill(port: port, victim: victim, wasForced: wasForced)
    }

    /// A server that ends in good order does so within this; the client waits ten seconds altogether.
    private static let patience = Duration.seconds(3)
    private static let patienceAfterKill = Duration.seconds(2)

    private func signal(_ victim: Occupier, on port: Port, sockets: Set<UInt32>, kill: Bool) throws(RegistryError) {
        switch machine.signal(victim, holding: sockets, kill: kill) {
        // One that has just ended did what was wanted.
        case .sent, .gone: return
        case .anotherUser(let user):
            throw RegistryError(
                .protectedProcess,
                "\(KillPolicy.names(of: [victim])) belongs to user id \(user), not to you",
                subject: "\(victim.pid)"
            )
        case .refused(let reason):
            throw RegistryError(
                .machineBusy,
                "\(KillPolicy.names(of: [victim])) cannot be signalled: \(reason)",
                subject: "\(victim.pid)",
                hint: "portctl who \(port)"
            )
        }
    }

    /// The kernel announces no closed socket, so it is asked every few milliseconds.
    private func isClosed(_ port: Port, within patience: Duration) async -> Bool {
        let deadline = SuspendingClock.now + patience
        // Only an answer proves it.
        while (try? machine.listeningSockets(on: port))?.isEmpty != true {
            guard SuspendingClock.now < deadline else { return false }
            do { try await Task.sleep(for: .milliseconds(5), clock: .suspending) } catch { return false }
        }
        return true
    }

    private func note(
        _ victim: Occupier,
        on port: Port,
        wasForced: Bool,
        isClosed: Bool,
        by asker: Asker
    ) async throws(RegistryError) {
        try await committer.perform { unit in
            let signal = wasForced ? "SIGKILL" : "SIGTERM"
            let outcome = isClosed ? "" : ", and the port is still listened on"
            try unit.transaction.record(
                JournalEntry(
                    at: unit.now,
                    action: .killed,
                    asker: asker,
                    identity: try unit.transaction.allocation(on: port)?.identity,
                    port: port,
                    reason: "\(KillPolicy.names(of: [victim])) by \(signal)\(outcome)"
                )
            )
            return .success(())
        }
    }

    private func stillListening(on port: Port, after victim: Occupier, wasForced: Bool) -> RegistryError {
        let left = (try? machine.occupancies(of: [port], anew: true))?[port]?.occupiers ?? []
        let who = left.isEmpty ? "a process that is unknown" : KillPolicy.names(of: left)
        let ignored = left.contains { $0.pid == victim.pid }
        let ended = ignored ? "" : "\(KillPolicy.names(of: [victim])) has ended, but "
        return RegistryError(
            .stillListening,
            "\(ended)port \(port) is still listened on by \(who)",
            subject: "\(port)",
            hint: ignored && !wasForced ? "it ignores SIGTERM; --force uses SIGKILL" : "portctl who \(port)"
        )
    }
}
