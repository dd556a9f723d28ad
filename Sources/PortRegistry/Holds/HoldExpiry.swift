package import PortModel

/// What becomes of an allocation as time passes: a pure decision from its holds, the time, and the owners that have
/// exited.
package enum HoldExpiry: Hashable, Sendable {
    /// No hold has ended.
    case unchanged
    /// The allocation stays, but some of its holds have ended, or the grace period of an exited owner begins.
    case changed(Allocation)
    /// No hold is left, but a socket still holds the port.
    case lingers(Allocation)
    /// No hold is left, and no socket holds the port.
    case ends

    /// Decides what becomes of `allocation`. `isInUse` returns whether a socket keeps it from ending; it is called
    /// only when no hold is left.
    package static func of(
        _ allocation: Allocation,
        at now: Uptime,
        exited: Set<Owner>,
        isInUse: (Allocation) -> Bool
    ) -> HoldExpiry {
        var result = allocation
        result.holds = allocation.holds.map { $0.withGrace(after: exited, at: now) }.filter { !$0.hasEnded(at: now) }
        if result.holds.isEmpty { return isInUse(allocation) ? .lingers(result) : .ends }
        return result == allocation ? .unchanged : .changed(result)
    }
}

extension Hold {
    /// Returns the hold with the end of its grace period set, if its owner is one of those that have exited.
    fileprivate func withGrace(after exited: Set<Owner>, at now: Uptime) -> Hold {
        guard case .process(let owner, let grace, let ttl, nil) = lifetime, exited.contains(owner) else { return self }
        var hold = self
        hold.lifetime = .process(owner, grace: grace, ttl: ttl, deadline: now.advanced(bySeconds: grace))
        return hold
    }
}
