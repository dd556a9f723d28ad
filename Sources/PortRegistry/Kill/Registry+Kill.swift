package import PortModel

extension Registry {
    /// Returns the process that ``kill(port:pid:force:by:)`` would signal. Throws what that throws before it signals.
    package func target(on port: Port, pid: Int32?) throws(RegistryError) -> Occupier {
        try KillPolicy.target(
            on: port,
            occupancy: try machine.occupancies(of: [port], fresh: true)[port],
            pid: pid,
            protected: machine.protectedProcesses
        )
    }

    /// Ends the process that listens on `port`, and returns once the port is closed. Sends SIGTERM and, with `force`,
    /// SIGKILL after three seconds. Throws what ``KillPolicy`` throws, `protected_process` for another user's process,
    /// `system_unavailable` when the kernel does not answer or the signal fails, and `still_listening`, with the
    /// processes that still listen, when the port is not closed in time.
    package func kill(port: Port, pid: Int32?, force: Bool, by caller: Caller) async throws(RegistryError) -> Kill {
        try checkNetwork(of: caller)
        let target = try target(on: port, pid: pid)
        let sockets = Set(try machine.listeningSockets(on: port))
        try signal(target, on: port, sockets: sockets, kill: false)
        var wasForced = false
        var isClosed = await isClosed(port, within: Self.timeout)
        if !isClosed && force {
            try signal(target, on: port, sockets: sockets, kill: true)
            wasForced = true
            isClosed = await self.isClosed(port, within: Self.killTimeout)
        }
        // The signal was sent, so the result is reported even when a full disk keeps it out of the journal.
        try? await recordKill(of: target, on: port, wasForced: wasForced, isClosed: isClosed, by: caller)
        guard isClosed else { throw stillListening(on: port, after: target, wasForced: wasForced) }
        return Kill(port: port, target: target, wasForced: wasForced)
    }

    /// How long a server has to shut down after SIGTERM. With ``killTimeout`` it stays below the ten seconds after
    /// which the command line gives up.
    private static let timeout = Duration.seconds(3)
    /// How long the kernel has to close the sockets of a process after SIGKILL.
    private static let killTimeout = Duration.seconds(2)

    private func signal(_ target: Occupier, on port: Port, sockets: Set<UInt32>, kill: Bool) throws(RegistryError) {
        switch machine.signal(target, holding: sockets, kill: kill) {
        // A process that has just ended needs no signal.
        case .sent, .gone: return
        case .anotherUser(let user):
            throw RegistryError(
                .protectedProcess,
                "\(Occupier.names(of: [target])) belongs to user id \(user), not to you",
                subject: "\(target.pid)"
            )
        case .refused(let reason):
            throw RegistryError(
                .systemUnavailable,
                "\(Occupier.names(of: [target])) cannot be signalled: \(reason)",
                subject: "\(target.pid)",
                hint: "portctl who \(port)"
            )
        }
    }

    /// Returns whether the port is closed within `timeout`. The kernel does not announce that a socket closes, so this
    /// polls every five milliseconds.
    private func isClosed(_ port: Port, within timeout: Duration) async -> Bool {
        let deadline = SuspendingClock.now + timeout
        // An error does not prove that the port is closed.
        while (try? machine.listeningSockets(on: port))?.isEmpty != true {
            guard SuspendingClock.now < deadline else { return false }
            do { try await Task.sleep(for: .milliseconds(5), clock: .suspending) } catch { return false }
        }
        return true
    }

    private func recordKill(
        of target: Occupier,
        on port: Port,
        wasForced: Bool,
        isClosed: Bool,
        by caller: Caller
    ) async throws(RegistryError) {
        try await committer.perform { context in
            let signal = wasForced ? "SIGKILL" : "SIGTERM"
            let outcome = isClosed ? "" : ", and the port is still listened on"
            try context.transaction.record(
                JournalEntry(
                    at: context.now,
                    action: .killed,
                    caller: caller,
                    identity: try context.transaction.allocation(on: port)?.identity,
                    port: port,
                    reason: "\(Occupier.names(of: [target])) by \(signal)\(outcome)"
                )
            )
            return .success(())
        }
    }

    private func stillListening(on port: Port, after target: Occupier, wasForced: Bool) -> RegistryError {
        let remaining = (try? machine.occupancies(of: [port], fresh: true))?[port]?.occupiers ?? []
        let names = remaining.isEmpty ? "an unknown process" : Occupier.names(of: remaining)
        let isIgnored = remaining.contains { $0.pid == target.pid }
        let ended = isIgnored ? "" : "\(Occupier.names(of: [target])) has ended, but "
        return RegistryError(
            .stillListening,
            "\(ended)port \(port) is still listened on by \(names)",
            subject: "\(port)",
            hint: isIgnored && !wasForced ? "it ignores SIGTERM; --force uses SIGKILL" : "portctl who \(port)"
        )
    }
}
