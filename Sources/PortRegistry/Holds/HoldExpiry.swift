package import PortModel

/// What becomes of an allocation as time passes: a pure decision from its holds, the time, and the owners that have
/// exited.
package enum HoldExpiry: Hashable, Sendable {
    /// No hold has ended.
    case unchanged
    /// The allocation stays, but some of its holds have ended or changed: the grace period of an exited owner begins,
    /// or the service's own listener is the owner from now on.
    case changed(Allocation)
    /// No hold is left, but a socket still holds the port.
    case lingers(Allocation)
    /// No hold is left, and no socket holds the port.
    case ends

    /// Decides what becomes of `allocation`. `isHeld` returns whether a socket holds the port; it is called only when
    /// no hold is left. `heir` returns the process that listens on the port, if that is proven to be the service's own;
    /// it is called only when an owner has exited or no hold is left. `mayServeUDP` returns whether a UDP socket that
    /// may be the service's own is bound to the port; it is called only when nothing else keeps the allocation.
    package static func of(
        _ allocation: Allocation,
        at now: Uptime,
        exited: Set<Owner>,
        heir: () throws -> Heir?,
        isHeld: (Port) -> Bool,
        mayServeUDP: () throws -> Bool
    ) rethrows -> HoldExpiry {
        var result = allocation
        let hasExits = allocation.holds.contains { $0.livingOwner.map(exited.contains) ?? false }
        let successor = hasExits ? try heir() : nil
        result.holds = allocation.holds.map { $0.after(exited, successor: successor?.owner, at: now) }
            .filter { !$0.hasEnded(at: now) }
        if let successor { result.holds = result.holds.mergingHolds(of: successor.owner) }
        if result.holds.isEmpty, isHeld(allocation.port) {
            // One that lingers already is inspected when something about its port has changed, not each time.
            guard !allocation.holds.isEmpty, let heir = try heir() else { return .lingers(result) }
            result.holds = [heir.hold(continuing: allocation.holds.last)]
        }
        if result.holds.isEmpty { return try mayServeUDP() ? .lingers(result) : .ends }
        return result == allocation ? .unchanged : .changed(result)
    }

    /// The process that listens on an allocation's port and is the service's own: it keeps the port when nobody else
    /// does.
    package struct Heir: Sendable {
        package var owner: Owner
        package var process: Occupier
        /// Now.
        package var time: Timestamp

        package init(owner: Owner, process: Occupier, time: Timestamp) {
            self.owner = owner
            self.process = process
            self.time = time
        }

        /// The hold that the process gets for an allocation whose last one was `last`; `nil` for one that lingers.
        func hold(continuing last: Hold?) -> Hold {
            Hold(
                face: last?.face ?? .registry,
                placedAt: time,
                renewedAt: time,
                lifetime: .process(owner, grace: 0, ttl: last?.ttl, deadline: nil),
                origin: last?.origin ?? Hold.Origin()
            )
        }
    }
}

extension [Hold] {
    /// Returns the holds with one for each face of those that `owner` has: several owners of a face may have had one
    /// server. The longest grace and time to live are kept.
    fileprivate func mergingHolds(of owner: Owner) -> [Hold] {
        var merged: [Hold] = []
        for hold in self {
            guard case .process(owner, let grace, let ttl, nil) = hold.lifetime,
                let index = merged.firstIndex(where: { $0.face == hold.face && $0.livingOwner == owner }),
                case .process(_, let otherGrace, let otherTTL, _) = merged[index].lifetime
            else {
                merged.append(hold)
                continue
            }
            merged[index].lifetime = .process(
                owner,
                grace: Swift.max(grace, otherGrace),
                ttl: [ttl, otherTTL].compactMap(\.self).max(),
                deadline: nil
            )
        }
        return merged
    }
}

extension Hold {
    /// Returns the hold after its owner has exited, if that is one of `exited`: the successor is its owner, or its
    /// grace period ends at a set time.
    fileprivate func after(_ exited: Set<Owner>, successor: Owner?, at now: Uptime) -> Hold {
        guard case .process(let owner, let grace, let ttl, nil) = lifetime, exited.contains(owner) else { return self }
        var hold = self
        hold.lifetime =
            successor.map { .process($0, grace: grace, ttl: ttl, deadline: nil) }
            ?? .process(owner, grace: grace, ttl: ttl, deadline: now.advanced(bySeconds: grace))
        return hold
    }
}
