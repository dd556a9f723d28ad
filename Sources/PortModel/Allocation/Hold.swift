#if canImport(FoundationEssentials)
    package import struct FoundationEssentials.Date
#else
    package import struct Foundation.Date
#endif

/// A reason why an allocation lives.
package struct Hold: Hashable, Sendable {
    /// How long a hold lasts. Seconds are at least 1 for a time to live and at least 0 for a grace.
    package enum Lifetime: Hashable, Sendable {
        /// Until released.
        case permanent
        /// Until `deadline`, which each renewal moves.
        case ttl(seconds: Int, deadline: Uptime)
        /// Until the owner has exited, and `grace` seconds more: then `deadline` is set. `ttl` is a time to live that
        /// was asked for beside the owner; it does not run while the owner lives.
        case process(Owner, grace: Int, ttl: Int?, deadline: Uptime?)
    }

    /// Unique in one database; 0 until the hold is stored.
    package var id: Int64
    /// The face that placed the hold, which alone may renew or remove it.
    package var face: Face
    package var placedAt: Date
    /// When a request placed or renewed it last.
    package var renewedAt: Date
    package var lifetime: Lifetime

    package init(id: Int64 = 0, face: Face, placedAt: Date, renewedAt: Date, lifetime: Lifetime) {
        self.id = id
        self.face = face
        self.placedAt = placedAt
        self.renewedAt = renewedAt
        self.lifetime = lifetime
    }
}

extension Hold {
    package enum Kind: String, Sendable {
        case permanent, ttl, process
    }

    package var kind: Kind {
        switch lifetime {
        case .permanent: .permanent
        case .ttl: .ttl
        case .process: .process
        }
    }

    /// The owner of a `process` hold, living or not.
    package var owner: Owner? {
        if case .process(let owner, _, _, _) = lifetime { owner } else { nil }
    }

    /// The owner while nobody has seen it exit.
    package var livingOwner: Owner? {
        if case .process(let owner, _, _, nil) = lifetime { owner } else { nil }
    }

    /// When the hold ends by itself, as far as that is known.
    package var deadline: Uptime? {
        switch lifetime {
        case .permanent: nil
        case .ttl(_, let deadline): deadline
        case .process(_, _, _, let deadline): deadline
        }
    }

    /// Seconds to live that were asked for.
    package var ttl: Int? {
        switch lifetime {
        case .permanent: nil
        case .ttl(let seconds, _): seconds
        case .process(_, _, let ttl, _): ttl
        }
    }

    /// Whether the hold has ended at `now`: its deadline has passed, or its owner lived before the last boot.
    package func isOver(at now: Uptime) -> Bool {
        if let owner, owner.boot != now.boot { return true }
        return deadline?.isOver(at: now) ?? false
    }
}
