package import PortModel

extension Registry {
    /// Returns the process that ``kill(port:pid:force:by:)`` would signal. `project` is the directory of the caller's
    /// project; `nil` if the caller does not say. Throws what that throws before it signals.
    package func target(
        on port: Port,
        pid: Int32?,
        project: String? = nil,
        by caller: Caller
    ) async throws(RegistryError) -> KillCandidate {
        try checkNetwork(of: caller)
        let (listeners, protected, callers) = try await machine.inspect { machine throws(RegistryError) in
            (
                try machine.listeners(on: nil, fresh: true), machine.protectedProcesses,
                machine.lineage(of: caller.pids)
            )
        }
        let target = try KillPolicy.target(
            on: port,
            occupancy: Occupancy(listeners.filter { $0.port == port }),
            pid: pid,
            protected: protected,
            callers: callers
        )
        var candidate = KillCandidate(target, on: port, among: listeners)
        if let project {
            let directory = await machine.inspect { Self.projectDirectory(of: target, on: $0) }
            candidate.isOwn = KillPolicy.isOwn(projectOfProcess: directory, projectOfCaller: project)
        }
        return candidate
    }

    /// Returns the directory of the project that the process works in, as a client determines that of its own; `nil`
    /// unless its working directory is also the registry's directory at that path. In another mount namespace, another
    /// project may have the same path.
    private static func projectDirectory(of process: Occupier, on machine: any BlockingMachine) -> String? {
        guard let directory = process.directory, machine.isDirectory(directory, of: process.pid) else { return nil }
        return machine.project(around: directory)?.directories?.directory ?? directory
    }

    /// Ends the process that listens on `port`, and returns once the port is closed. Sends SIGTERM and, with `force`,
    /// SIGKILL after three seconds. Throws what ``KillPolicy`` throws, `protected_process` for another user's process,
    /// `system_unavailable` when the kernel does not answer or the signal fails, and `still_listening`, with the
    /// processes that still listen, when the port is not closed in time.
    package func kill(port: Port, pid: Int32?, force: Bool, by caller: Caller) async throws(RegistryError) -> Kill {
        let candidate = try await target(on: port, pid: pid, by: caller)
        let target = candidate.process
        let sockets = Set(try await listeningSockets(on: port))
        try await signal(candidate, on: port, sockets: sockets, kill: false, by: caller)
        var wasForced = false
        var isClosed = await isClosed(port, within: Self.timeout)
        if !isClosed && force {
            try await signal(candidate, on: port, sockets: sockets, kill: true, by: caller)
            wasForced = true
            isClosed = await self.isClosed(port, within: Self.killTimeout)
        }
        guard isClosed else {
            let refusal = await stillListening(on: port, after: target, wasForced: wasForced)
            try? await record(.refused, on: port, refusal.message, by: caller)
            throw refusal
        }
        return Kill(
            port: port,
            target: target,
            otherPorts: candidate.otherPorts,
            survivingParent: await survivingParent(of: target, requestedBy: caller),
            wasForced: wasForced
        )
    }

    /// How long a server has to shut down after SIGTERM. With ``killTimeout`` it stays below the ten seconds after
    /// which the command line gives up.
    private static let timeout = Duration.seconds(3)
    /// How long the kernel has to close the sockets of a process after SIGKILL.
    private static let killTimeout = Duration.seconds(2)

    /// How long the parent of a process has to end with it before it is reported.
    private static let wrapperTimeout = Duration.milliseconds(50)

    /// Signals the process, and records that first: when it has ended, its holds end too, and their entries belong
    /// after the one of the cause.
    private func signal(
        _ candidate: KillCandidate,
        on port: Port,
        sockets: Set<UInt32>,
        kill: Bool,
        by caller: Caller
    ) async throws(RegistryError) {
        let target = candidate.process
        let others = candidate.otherPorts.isEmpty ? "" : "; it listened on \(candidate.otherPorts.listed), too"
        let reason = "\(Occupier.names(of: [target])) by \(kill ? "SIGKILL" : "SIGTERM")\(others)"
        // A full disk, which keeps entries out of the journal, does not keep a port occupied.
        try? await record(.killed, on: port, reason, by: caller)
        do throws(RegistryError) {
            try await send(to: target, on: port, sockets: sockets, kill: kill)
        } catch {
            try? await record(.refused, on: port, error.message, by: caller)
            throw error
        }
    }

    private func send(
        to target: Occupier,
        on port: Port,
        sockets: Set<UInt32>,
        kill: Bool
    ) async throws(RegistryError) {
        switch await machine.inspect({ $0.signal(target, holding: sockets, kill: kill) }) {
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
                remedies: [.showListeners(port)]
            )
        }
    }

    /// Returns whether the port is closed within `timeout`. The kernel does not announce that a socket closes, so this
    /// polls every five milliseconds.
    private func isClosed(_ port: Port, within timeout: Duration) async -> Bool {
        let deadline = SuspendingClock.now + timeout
        // An error does not prove that the port is closed.
        while (try? await listeningSockets(on: port))?.isEmpty != true {
            guard SuspendingClock.now < deadline else { return false }
            do { try await Task.sleep(for: .milliseconds(5), clock: .suspending) } catch { return false }
        }
        return true
    }

    private func listeningSockets(on port: Port) async throws(RegistryError) -> [UInt32] {
        try await machine.inspect { machine throws(RegistryError) in try machine.listeningSockets(on: port) }
    }

    private func record(
        _ action: JournalEntry.Action,
        on port: Port,
        _ reason: String,
        by caller: Caller
    ) async throws(RegistryError) {
        try await committer.perform { context in
            try context.transaction.record(
                JournalEntry(
                    at: context.now,
                    action: action,
                    caller: caller,
                    identity: try context.transaction.allocation(on: port)?.identity,
                    port: port,
                    reason: reason
                )
            )
            return .success(())
        }
    }

    private func stillListening(on port: Port, after target: Occupier, wasForced: Bool) async -> RegistryError {
        let occupancies = await machine.inspect { try? $0.occupancies(of: [port], fresh: true) }
        let remaining = occupancies?[port]?.occupiers ?? []
        let names = remaining.isEmpty ? "an unknown process" : Occupier.names(of: remaining)
        let survivor = remaining.first { $0.pid == target.pid && $0.startTime == target.startTime }
        let ended = survivor == nil ? "\(Occupier.names(of: [target])) has ended, but " : ""
        var message = "\(ended)port \(port) is still listened on by \(names)"
        let remedies: [Remedy]
        if let survivor, survivor.isStopped {
            remedies = [.reason("it is stopped"), .advice("kill -CONT \(survivor.pid) lets it end"), .force]
        } else if survivor != nil, !wasForced {
            remedies = [.reason("it ignores SIGTERM"), .force]
        } else if survivor == nil, let parent = target.parent, !parent.isBystander,
            remaining.contains(where: { $0.parent == parent })
        {
            message += ", which \(parent.description) has started since"
            remedies = [.advice("end \(parent.description) first: kill \(parent.pid)")]
        } else {
            remedies = [.showListeners(port)]
        }
        return RegistryError(.stillListening, message, subject: "\(port)", remedies: remedies)
    }

    /// Returns the parent of a process that was ended, if it still runs and may start the process again. A wrapper such
    /// as that of npm ends with the process, which takes a moment.
    private func survivingParent(of target: Occupier, requestedBy caller: Caller) async -> ParentProcess? {
        guard let parent = target.parent, !parent.isBystander,
            await !machine.inspect({ $0.lineage(of: caller.pids) }).contains(parent.pid)
        else { return nil }
        let deadline = SuspendingClock.now + Self.wrapperTimeout
        while case .owner(let owner) = machine.owner(pid: parent.pid, seenBy: nil), owner.startTime == parent.startTime
        {
            guard SuspendingClock.now < deadline else { return parent }
            do { try await Task.sleep(for: .milliseconds(5), clock: .suspending) } catch { return parent }
        }
        return nil
    }
}
