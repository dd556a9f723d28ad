internal import PortModel

extension GroupCommitter.Unit {
    /// Ends what is over, before anything else is decided (DESIGN rule 14).
    func judge() throws {
        let exited = machine.exited(of: transaction.livingOwners)
        for allocation in try transaction.allocationsToJudge(at: uptime, exited: exited) {
            try judge(allocation, exited: exited)
        }
    }

    private func judge(_ allocation: Allocation, exited: Set<Owner>) throws {
        for hold in allocation.holds {
            guard let owner = hold.livingOwner, exited.contains(owner) else { continue }
            try record(.ownerExited, allocation, by: Asker(face: hold.face), reason: "process \(owner.pid) has ended")
        }
        switch Judgement.of(allocation, at: uptime, exited: exited, isHeld: { isHeld($0) }) {
        case .unchanged: break
        case .changed(let changed): try save(changed, replacing: allocation)
        case .lingers(let changed): try linger(changed, replacing: allocation)
        case .ends: try end(allocation, .expired, by: Asker(face: allocation.holds.last?.face ?? .registry))
        }
    }

    /// Keeps an allocation without holds until nobody listens on its port.
    func linger(_ changed: Allocation, replacing allocation: Allocation) throws {
        note(uptime.advanced(bySeconds: 1))
        guard !allocation.holds.isEmpty else { return }
        try save(changed, replacing: allocation)
        try record(.lingers, allocation, by: Asker(face: allocation.holds.last?.face ?? .registry))
    }

    /// Stores a changed allocation, and when its next hold ends.
    @discardableResult
    func save(_ changed: Allocation, replacing allocation: Allocation) throws -> Allocation {
        for hold in changed.holds { note(hold.deadline) }
        return try transaction.save(changed, replacing: allocation)
    }

    /// Ends an allocation with all its holds.
    func end(_ allocation: Allocation, _ action: JournalEntry.Action, by asker: Asker) throws {
        try transaction.delete(allocation, at: now)
        forgetUnusedPorts()
        try record(action, allocation, by: asker)
    }

    func record(
        _ action: JournalEntry.Action,
        _ allocation: Allocation,
        by asker: Asker,
        reason: String? = nil
    ) throws {
        try transaction.record(
            JournalEntry(
                at: now,
                action: action,
                asker: asker,
                identity: allocation.identity,
                port: allocation.port,
                reason: reason
            )
        )
    }
}
