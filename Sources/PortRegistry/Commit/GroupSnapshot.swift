import PortModel

/// The machine's sockets as a group of requests sees them: one snapshot, started after all of them had arrived and
/// therefore fresh for each.
///
/// Taking a snapshot is slower than a small transaction. Until ours is ready, answer from the previous one, and verify
/// those answers before committing.
struct GroupSnapshot {
    private let machine: any Machine
    private let task: SnapshotTask?
    private let previous: (any HeldPorts)?
    /// The group's own snapshot; `nil` until it was waited for.
    private(set) var finished: (any HeldPorts)?
    /// The answers that came from the previous snapshot.
    private var speculativeAnswers: [Port: Bool] = [:]

    /// Milliseconds after which a task is no longer used. Only waiting for the transaction of another program takes
    /// longer.
    private static let maximumAge: Int64 = 20

    init(of machine: any Machine, task: SnapshotTask?, previous: (any HeldPorts)?, now: Uptime) {
        let isFresh = task.map { now.milliseconds - $0.start.milliseconds <= Self.maximumAge } ?? false
        self.machine = machine
        self.task = isFresh ? task : nil
        self.previous = previous
    }

    /// Whether a socket holds `port`. Answers from the previous snapshot while the group's own is not ready.
    mutating func isHeld(_ port: Port) -> Bool {
        guard finished == nil, let previous, let task, !task.isFinished else { return finish().isHeld(port) }
        if let known = speculativeAnswers[port] { return known }
        let answer = previous.isHeld(port)
        speculativeAnswers[port] = answer
        return answer
    }

    /// Whether the group's own snapshot confirms every answer. If not, roll back what was decided from them.
    mutating func isSpeculationRight() -> Bool {
        if speculativeAnswers.isEmpty { return true }
        let snapshot = finish()
        return speculativeAnswers.allSatisfy { snapshot.isHeld($0) == $1 }
    }

    private mutating func finish() -> any HeldPorts {
        if let finished { return finished }
        let snapshot = task?.ports() ?? machine.blocking.heldPorts()
        finished = snapshot
        return snapshot
    }
}
