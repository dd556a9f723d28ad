import PortModel

extension ProcessFacts {
    /// Returns the pid and the pids of its ancestors as far as they can be seen, without process 1; none when there is
    /// no such process.
    static func lineage(of pid: Int32) -> [Int32] {
        var pids: [Int32] = []
        var next = pid
        // The limit ends the walk if parents change during it and form a cycle.
        while next > 1, pids.count < 64, let facts = ProcessFacts(pid: next) {
            pids.append(next)
            next = facts.parent
        }
        return pids
    }

    /// Returns the parent; `nil` when it cannot be seen, or is process 1.
    func parentProcess(isSubreaper: (String) -> Bool) -> ParentProcess? {
        guard parent > 1, let facts = ProcessFacts(pid: parent) else { return nil }
        return ParentProcess(
            pid: parent,
            startTime: facts.startTime,
            name: facts.name,
            isBystander: facts.session == parent || isSubreaper(facts.name)
        )
    }
}
