package import PortModel

/// What has become of an allocation: a pure decision over its holds, the clock and the owners known to have exited.
package enum HoldExpiry: Hashable, Sendable {
    case unchanged
    /// Lives on: some holds are over, or an owner's exit is noted and its grace begins.
    case changed(Allocation)
    /// No hold is left, but the port is still listened on.
    case lingers(Allocation)
    /// No hold is left, and nobody listens.
    case ends

    /// `isHeld`: whether a socket holds the port; asked only when no hold is left.
    package static func of(
        _ allocation: Allocation,
        at now: Uptime,
        exited: Set<Owner>,
        isHeld: (Port) -> Bool
    ) -> HoldExpiry {
        var result = allocation
        result.holds = allocation.holds.map { $0.noting(exited, at: now) }.filter { !$0.isOver(at: now) }
        if result.holds.isEmpty { return isHeld(allocation.port) ? .lingers(result) : .ends }
        return result == allocation ? .unchanged : .changed(result)
    }
}

extension Hold {
    /// The hold with its end set, when its owner is among those that have exited.
    fileprivate func noting(_ exited: Set<Owner>, at now: Uptime) -> Hold {
        guard case .process(let owner, let grace, let ttl, nil) = lifetime, exited.contains(owner) else { return self }
        var hold = self
        hold.lifetime = .process(owner, grace: grace, ttl: ttl, deadline: now.advanced(bySeconds: grace))
        return hold
    }
}
