/// A reason why an allocation lives.
package struct Hold: Hashable, Sendable {
    /// How long a hold lasts. Seconds are at least 1 for a time to live and at least 0 for a grace.
    package enum Lifetime: Hashable, Sendable {
        /// Lasts until it is released.
        case permanent
        /// Lasts until `deadline`, which each renewal moves.
        case ttl(seconds: Int, deadline: Uptime)
        /// Lasts until `grace` seconds after the owner has exited. `deadline` is set when the exit is seen. `ttl` is a
        /// time to live that was requested together with the owner; it does not run while the owner lives.
        case process(Owner, grace: Int, ttl: Int?, deadline: Uptime?)
    }

    /// Unique in one database; 0 until the hold is stored.
    package var id: Int64
    /// The face that placed the hold, which alone may renew or remove it.
    package var face: Face
    package var placedAt: Timestamp
    /// The time of the last request that placed or renewed the hold.
    package var renewedAt: Timestamp
    package var lifetime: Lifetime
    /// Under which circumstances the hold was placed: they decide later which processes are the service's own.
    package var origin: Origin

    package init(
        id: Int64 = 0,
        face: Face,
        placedAt: Timestamp,
        renewedAt: Timestamp,
        lifetime: Lifetime,
        origin: Origin = Origin()
    ) {
        self.id = id
        self.face = face
        self.placedAt = placedAt
        self.renewedAt = renewedAt
        self.lifetime = lifetime
        self.origin = origin
    }

    /// The circumstances under which a hold was placed.
    package struct Origin: Hashable, Sendable {
        /// The directory of the service at that time; `nil` when it has none, or the client did not name it.
        package var directory: DirectoryStamp?
        /// The time in the unit of ``Owner/startTime``: a process with an earlier start ran already. It does not follow
        /// the wall clock. `nil` for holds of versions that did not record it.
        package var processTime: Int64?
        /// Whether the owner is the command that `run` became.
        package var isCommand: Bool

        package init(directory: DirectoryStamp? = nil, processTime: Int64? = nil, isCommand: Bool = false) {
            self.directory = directory
            self.processTime = processTime
            self.isCommand = isCommand
        }
    }
}

extension Hold {
    /// The kind of a lifetime, by the name that the database and the wire use.
    package enum Kind: String, Sendable {
        case permanent, ttl, process
    }

    /// The kind of the hold's lifetime.
    package var kind: Kind {
        switch lifetime {
        case .permanent: .permanent
        case .ttl: .ttl
        case .process: .process
        }
    }

    /// The owner of a `process` hold, whether or not it has exited; `nil` for other kinds.
    package var owner: Owner? {
        if case .process(let owner, _, _, _) = lifetime { owner } else { nil }
    }

    /// The owner, as long as its exit has not been seen; otherwise `nil`.
    package var livingOwner: Owner? {
        if case .process(let owner, _, _, nil) = lifetime { owner } else { nil }
    }

    /// The moment at which the hold ends by itself; `nil` while that is not known, or when it never does.
    package var deadline: Uptime? {
        switch lifetime {
        case .permanent: nil
        case .ttl(_, let deadline): deadline
        case .process(_, _, _, let deadline): deadline
        }
    }

    /// The time to live that was requested, in seconds.
    package var ttl: Int? {
        switch lifetime {
        case .permanent: nil
        case .ttl(let seconds, _): seconds
        case .process(_, _, let ttl, _): ttl
        }
    }

    /// Whether the hold has ended at `now`: its deadline has passed, or its owner belongs to an earlier boot.
    package func hasEnded(at now: Uptime) -> Bool {
        if let owner, owner.boot != now.boot { return true }
        return deadline?.hasPassed(at: now) ?? false
    }
}
