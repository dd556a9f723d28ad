package import PortModel

/// The hold that a request asks for.
package enum RequestedHold: Hashable, Sendable {
    case permanent
    /// In seconds.
    case ttl(Int)
    /// `grace` and `ttl` in seconds; a time to live does not run while the process lives. `isOptional`: where the
    /// process cannot be an owner, the hold is permanent instead.
    case process(pid: Int32, grace: Int, ttl: Int?, isOptional: Bool = false)

    /// Of a time to live and of a grace, DESIGN rule 8: 30 days.
    package static let maximumSeconds = 30 * 86400
    /// DESIGN rules 7 and 8: of a lease, and of the project face's grace.
    package static let defaultSeconds = 300

    /// Reads what a face was told; what is left out has the face's default. Throws `invalid_ttl`, `invalid_owner` or
    /// `invalid_request`.
    package init(
        face: Face,
        ttl: Int?,
        ownerPID: Int?,
        grace: Int?,
        ownerIsOptional: Bool = false
    ) throws(RegistryError) {
        if let ttl { try Self.check(ttl, as: "ttl_seconds", from: 1) }
        if let grace { try Self.check(grace, as: "grace_seconds", from: 0) }
        if let ownerPID {
            guard let pid = Int32(exactly: ownerPID), pid > 1 else {
                throw .cannotOwn("\(ownerPID)")
            }
            self = .process(
                pid: pid,
                grace: grace ?? (face == .projects ? Self.defaultSeconds : 0),
                ttl: ttl,
                isOptional: ownerIsOptional
            )
        } else if grace != nil {
            throw RegistryError(.invalidRequest, "grace_seconds needs an owner_pid", subject: "grace_seconds")
        } else if let ttl {
            self = .ttl(ttl)
        } else {
            self = face == .leases ? .ttl(Self.defaultSeconds) : .permanent
        }
    }

    private static func check(_ seconds: Int, as part: String, from least: Int) throws(RegistryError) {
        guard (least...maximumSeconds).contains(seconds) else {
            throw RegistryError(
                .invalidTTL,
                "\(part) must be between \(least) and \(maximumSeconds) seconds (30 days), not \(seconds)",
                subject: "\(seconds)"
            )
        }
    }

    /// The hold's lifetime from `now` on, and what is to be said about it. Throws `invalid_owner` when the process is
    /// not there, or not this user's, and `system_unavailable` when the system does not say.
    func lifetime(
        at now: Uptime,
        machine: any Machine,
        caller: Caller
    ) throws(RegistryError) -> (lifetime: Hold.Lifetime, warning: String?) {
        switch self {
        case .permanent: return (.permanent, nil)
        case .ttl(let seconds): return (.ttl(seconds: seconds, deadline: now.advanced(bySeconds: seconds)), nil)
        case .process(let pid, let grace, let ttl, let isOptional):
            let refusal: RegistryError
            switch machine.owner(pid: pid, seenBy: caller.pid) {
            case .owner(let owner): return (.process(owner, grace: grace, ttl: ttl, deadline: nil), nil)
            case .unknown(let reason):
                throw RegistryError(
                    .systemUnavailable,
                    "process \(pid) cannot be looked at: \(reason)",
                    subject: "\(pid)",
                    hint: "try again"
                )
            case .noSuchProcess: refusal = .invalidOwner(pid, "there is no process \(pid)")
            case .invisible: refusal = .invalidOwner(pid, "process \(pid) of another pid namespace cannot be seen")
            case .anotherUser(let user):
                refusal = .invalidOwner(pid, "process \(pid) belongs to user id \(user), not to you")
            }
            guard isOptional else { throw refusal }
            return (.permanent, "\(refusal.message): nobody owns the port, it stays until it is released")
        }
    }
}

extension RegistryError {
    /// `pid` is a number that no owner can have.
    package static func cannotOwn(_ pid: String) -> RegistryError {
        RegistryError(
            .invalidOwner,
            "process \(pid) cannot be an owner",
            subject: pid,
            hint: "name the pid of a process of yours, above 1"
        )
    }

    fileprivate static func invalidOwner(_ pid: Int32, _ message: String) -> RegistryError {
        RegistryError(
            .invalidOwner,
            message,
            subject: "\(pid)",
            hint: "name the pid of a process of yours that runs, or none"
        )
    }
}
