import PortModel

extension GroupCommitter.WriteContext {
    /// Ends expired holds, and starts the grace period of owners that have exited. Every transaction does this first,
    /// so that a program that embeds the registry needs no daemon.
    func reconcile() throws {
        let exited = machine.collectExits(watching: transaction.livingOwners)
        for allocation in try transaction.allocationsToReconcile(at: uptime, exited: exited) {
            try reconcile(allocation, exited: exited)
        }
    }

    private func reconcile(_ allocation: Allocation, exited: Set<Owner>) throws {
        var heir: HoldExpiry.Heir?
        let expiry = try HoldExpiry.of(
            allocation,
            at: uptime,
            exited: exited,
            heir: {
                if heir == nil { heir = try self.heir(of: allocation, exited: exited) }
                return heir
            },
            isHeld: { isHeld($0) },
            mayServeUDP: { try mayServeUDP(allocation) }
        )
        for hold in allocation.holds {
            guard let owner = hold.livingOwner, exited.contains(owner) else { continue }
            let goesOn =
                heir.map { "; \(Occupier.names(of: [$0.process])), its server, holds the port from now on" } ?? ""
            let reason = "process \(owner.pid) has ended\(goesOn)"
            try record(.ownerExited, allocation, by: Caller(face: hold.face), reason: reason)
        }
        switch expiry {
        case .unchanged: break
        case .changed(let changed):
            try save(changed, replacing: allocation)
            if let heir, let hold = changed.holds.first(where: { $0.id == 0 }) {
                try recordHeir(heir, of: allocation, face: hold.face)
            }
        case .lingers(let changed): try linger(changed, replacing: allocation)
        case .ends: try end(allocation, .expired, by: Caller(face: allocation.holds.last?.face ?? .registry))
        }
    }

    /// Returns the process that listens on the allocation's port, if that is proven to be the service's own by more
    /// than that it was registered. The owners in `exited` prove nothing: whoever has the pid of one now is another
    /// process. Without an answer from the kernel, nothing is proven.
    func heir(of allocation: Allocation, exited: Set<Owner> = []) throws -> HoldExpiry.Heir? {
        guard isHeld(allocation.port), let occupancy = try? occupancy(of: allocation.port) else { return nil }
        let verdict = try verdict(on: occupancy, for: allocation, exited: exited)
        let proven = verdict.listeners.filter { $0.verdict == .mine && $0.reason != .adopted }
        for process in proven.compactMap(\.process) {
            if case .owner(let owner) = machine.owner(pid: process.pid, seenBy: nil),
                owner.startTime == process.startTime
            {
                return HoldExpiry.Heir(owner: owner, process: process, time: now)
            }
        }
        return nil
    }

    /// Records that the server of the allocation holds it from now on.
    func recordHeir(_ heir: HoldExpiry.Heir, of allocation: Allocation, face: Face) throws {
        let reason = "\(Occupier.names(of: [heir.process])), its server, holds the port from now on"
        try record(.held, allocation, by: Caller(face: face), reason: reason)
    }

    /// Keeps an allocation that has no hold left until no process listens on its port.
    func linger(_ changed: Allocation, replacing allocation: Allocation) throws {
        scheduleExpiry(at: uptime.advanced(bySeconds: 1))
        guard !allocation.holds.isEmpty else { return }
        try save(changed, replacing: allocation)
        try record(.lingers, allocation, by: Caller(face: allocation.holds.last?.face ?? .registry))
    }

    /// Stores a changed allocation, and schedules the end of its holds.
    @discardableResult
    func save(_ changed: Allocation, replacing allocation: Allocation) throws -> Allocation {
        for hold in changed.holds { scheduleExpiry(at: hold.deadline) }
        return try transaction.save(changed, replacing: allocation)
    }

    /// Ends an allocation with all its holds.
    func end(
        _ allocation: Allocation,
        _ action: JournalEntry.Action,
        by caller: Caller,
        reason: String? = nil
    ) throws {
        try transaction.delete(allocation, at: now)
        forgetUnusedPorts()
        try record(action, allocation, by: caller, reason: reason)
    }

    func record(
        _ action: JournalEntry.Action,
        _ allocation: Allocation,
        by caller: Caller,
        reason: String? = nil
    ) throws {
        try transaction.record(
            JournalEntry(
                at: now,
                action: action,
                caller: caller,
                identity: allocation.identity,
                port: allocation.port,
                reason: reason
            )
        )
    }
}
