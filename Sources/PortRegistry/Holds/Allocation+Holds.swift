import PortModel

#if canImport(FoundationEssentials)
    import struct FoundationEssentials.Date
#else
    import struct Foundation.Date
#endif

extension Allocation {
    /// The allocation after `face` asked for a hold of `lifetime`: the face's own hold of that kind (and owner) is
    /// renewed and never shortened, else a hold is added. Others' holds stay as they are.
    func holding(_ lifetime: Hold.Lifetime, by face: Face, at now: Date) -> Allocation {
        var result = self
        if let index = holds.firstIndex(where: { $0.face == face && $0.isRenewed(by: lifetime) }) {
            result.holds[index].lifetime = holds[index].lifetime.renewed(by: lifetime)
            // Worth a write of its own only once a second.
            if now.timeIntervalSince(holds[index].renewedAt) >= 1 { result.holds[index].renewedAt = now }
        } else {
            result.holds.append(Hold(face: face, placedAt: now, renewedAt: now, lifetime: lifetime))
        }
        if case .process(_, let grace, _, nil) = lifetime {
            // A grace bridges the time to the next owner, who is here now, and whose own grace ends later.
            result.holds.removeAll { hold in
                guard hold.face == face, case .process(_, let earlier, _, .some) = hold.lifetime else { return false }
                return earlier <= grace
            }
        }
        return result
    }

    /// The allocation after a heartbeat for `face`'s holds; `nil` when it has none that a heartbeat means.
    func renewed(for face: Face, at now: Date, uptime: Uptime) -> Allocation? {
        var result = self
        var count = 0
        for index in holds.indices where holds[index].face == face && holds[index].isRenewable {
            if case .ttl(let seconds, _) = holds[index].lifetime {
                let renewed = Hold.Lifetime.ttl(seconds: seconds, deadline: uptime.advanced(bySeconds: seconds))
                result.holds[index].lifetime = holds[index].lifetime.renewed(by: renewed)
            }
            result.holds[index].renewedAt = now
            count += 1
        }
        return count > 0 ? result : nil
    }

    /// The allocation without the holds of `face` whose owner has exited, whatever grace they have left.
    func withoutExitedOwners(of face: Face) -> Allocation {
        var result = self
        result.holds.removeAll { $0.face == face && $0.owner != nil && $0.livingOwner == nil }
        return result
    }
}

extension Hold {
    /// Whether a heartbeat means it. An owner that has exited sends none.
    fileprivate var isRenewable: Bool { kind == .ttl || livingOwner != nil }

    /// Whether a request for `other` by the same face means this hold.
    fileprivate func isRenewed(by other: Lifetime) -> Bool {
        switch (lifetime, other) {
        case (.permanent, .permanent), (.ttl, .ttl): true
        case (.process(let mine, _, _, _), .process(let theirs, _, _, _)): mine == theirs
        default: false
        }
    }
}

extension Hold.Lifetime {
    /// The newer wish, but never an earlier end.
    fileprivate func renewed(by newer: Hold.Lifetime) -> Hold.Lifetime {
        switch (self, newer) {
        case (.ttl(_, let old), .ttl(let seconds, let new)):
            .ttl(seconds: seconds, deadline: old.boot == new.boot && old.milliseconds > new.milliseconds ? old : new)
        case (.process(let owner, let oldGrace, let oldTTL, let deadline), .process(_, let grace, let ttl, _)):
            .process(owner, grace: max(oldGrace, grace), ttl: ttl ?? oldTTL, deadline: deadline)
        default: newer
        }
    }
}
