import PortModel

extension Allocation {
    /// Returns the allocation with a hold of `lifetime` for `face`. A hold of that face with the same kind (and owner)
    /// is renewed and never shortened; if there is none, a hold is added. The holds of other faces stay as they are.
    /// It is then one for `origin`'s directory.
    func holding(_ lifetime: Hold.Lifetime, origin: Hold.Origin, by face: Face, at now: Timestamp) -> Allocation {
        var result = self
        if let index = holds.firstIndex(where: { $0.face == face && $0.isRenewed(by: lifetime) }) {
            result.holds[index].lifetime = holds[index].lifetime.renewed(by: lifetime)
            // A renewal that changes nothing else is written at most once a second.
            if now.seconds(since: holds[index].renewedAt) >= 1 { result.holds[index].renewedAt = now }
            result.holds[index].origin.directory = origin.directory ?? holds[index].origin.directory
        } else {
            result.holds.append(
                Hold(face: face, placedAt: now, renewedAt: now, lifetime: lifetime, origin: origin)
            )
        }
        if case .process(_, let grace, _, nil) = lifetime {
            // The grace period of an exited owner bridges the time until the next owner. That one is here now, and its
            // own grace period is at least as long.
            let replaced = result.holds.filter { hold in
                guard hold.face == face, case .process(_, let earlier, _, .some) = hold.lifetime else { return false }
                return earlier <= grace
            }
            guard !replaced.isEmpty else { return result }
            result.holds.removeAll(where: replaced.contains)
            // The service has had its port since then: a server that was started meanwhile may be its own.
            let since = replaced.compactMap(\.origin.processTime).min()
            for index in result.holds.indices where result.holds[index].livingOwner != nil {
                guard let since, let own = result.holds[index].origin.processTime else { continue }
                result.holds[index].origin.processTime = min(since, own)
            }
        }
        return result
    }

    /// Returns the allocation after a heartbeat for the holds of `face`; `nil` when a heartbeat renews none of them.
    func renewed(for face: Face, at now: Timestamp, uptime: Uptime) -> Allocation? {
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

    /// Returns the allocation without the holds of `face` whose owner has exited, even if their grace period is not
    /// over.
    func withoutExitedOwners(of face: Face) -> Allocation {
        var result = self
        result.holds.removeAll { $0.face == face && $0.owner != nil && $0.livingOwner == nil }
        return result
    }
}

extension Hold {
    /// Whether a heartbeat renews the hold. An owner that has exited sends no heartbeats.
    fileprivate var isRenewable: Bool { kind == .ttl || livingOwner != nil }

    /// Whether a request of the same face for a hold of lifetime `other` renews this hold instead of adding one.
    fileprivate func isRenewed(by other: Lifetime) -> Bool {
        switch (lifetime, other) {
        case (.permanent, .permanent), (.ttl, .ttl): true
        case (.process(let owner, _, _, _), .process(let otherOwner, _, _, _)): owner == otherOwner
        default: false
        }
    }
}

extension Hold.Lifetime {
    /// Returns `newer`, but never with an earlier end than this lifetime has.
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
