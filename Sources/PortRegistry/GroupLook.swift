internal import PortModel

/// What a group of requests knows of the machine's sockets: one look, taken when all of them had arrived, which is
/// therefore fresh for each.
///
/// The look takes longer than the rest of a small transaction. While it is not finished the last one is believed that
/// was, and before the commit the two are compared.
struct GroupLook {
    private let machine: any Machine
    private let pending: PendingLook?
    private let former: (any HeldPorts)?
    /// The group's own, once somebody has waited for it.
    private(set) var finished: (any HeldPorts)?
    /// What the former look said.
    private var guesses: [Port: Bool] = [:]

    /// Older than this, in milliseconds, a pending look is taken anew: the transaction had to wait for another
    /// program's. Nothing else takes so long.
    private static let maximumAge: Int64 = 20

    init(at machine: any Machine, pending: PendingLook?, former: (any HeldPorts)?, now: Uptime) {
        let isFresh = pending.map { now.milliseconds - $0.begun.milliseconds <= Self.maximumAge } ?? false
        self.machine = machine
        self.pending = isFresh ? pending : nil
        self.former = former
    }

    mutating func isHeld(_ port: Port) -> Bool {
        guard finished == nil, let former, let pending, !pending.isFinished else { return finish().isHeld(port) }
        if let known = guesses[port] { return known }
        let guess = former.isHeld(port)
        guesses[port] = guess
        return guess
    }

    /// Whether all that was answered is true. When not, what was decided by it must be undone.
    mutating func areGuessesRight() -> Bool {
        if guesses.isEmpty { return true }
        let look = finish()
        return guesses.allSatisfy { look.isHeld($0) == $1 }
    }

    private mutating func finish() -> any HeldPorts {
        if let finished { return finished }
        let look = pending?.ports() ?? machine.heldPorts()
        finished = look
        return look
    }
}
