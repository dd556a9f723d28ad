package import PortModel

/// The hold that a client requests. Its owner is still a pid, which ``lifetime(at:machine:caller:)`` looks up.
package enum RequestedHold: Hashable, Sendable {
    /// Lasts until it is released.
    case permanent
    /// Ends after this many seconds without a heartbeat.
    case ttl(Int)
    /// Ends `grace` seconds after the process exits. `ttl` is a time to live in seconds that was requested, too; it
    /// does not run while the process lives. With `isOptional`, the hold is permanent if the process cannot be an
    /// owner.
    case process(pid: Int32, grace: Int, ttl: Int?, isOptional: Bool = false)

    /// The longest time to live and the longest grace period: 30 days.
    package static let maximumSeconds = 30 * 86400
    /// The time to live of a lease and the grace period of the project face, unless the request says otherwise: those
    /// of PortManager leases and get-port.
    package static let defaultSeconds = 300

    /// Creates the hold from the fields of a request to `face`. A field that is `nil` has the face's default. Throws
    /// `invalid_ttl`, `invalid_owner` or `invalid_request`.
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

    private static func check(_ seconds: Int, as field: String, from minimum: Int) throws(RegistryError) {
        guard (minimum...maximumSeconds).contains(seconds) else {
            throw RegistryError(
                .invalidTTL,
                "\(field) must be between \(minimum) and \(maximumSeconds) seconds (30 days), not \(seconds)",
                subject: "\(seconds)"
            )
        }
    }

    /// Returns the hold's lifetime from `now` on, and a warning for the caller. Throws `invalid_owner` when the process
    /// does not exist or belongs to another user, and `system_unavailable` when the system does not answer.
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
                    "process \(pid) cannot be inspected: \(reason)",
                    subject: "\(pid)",
                    remedies: [.retry, .diagnose]
                )
            case .noSuchProcess: refusal = .invalidOwner(pid, "there is no process \(pid)")
            case .invisible: refusal = .invalidOwner(pid, "process \(pid) of another pid namespace cannot be seen")
            case .anotherUser(let user):
                refusal = .invalidOwner(pid, "process \(pid) belongs to user id \(user), not to you")
            }
            guard isOptional else { throw refusal }
            return (.permanent, "\(refusal.message): the port has no owner and stays allocated until released")
        }
    }
}

extension RegistryError {
    /// Returns the refusal of a pid that no owner can have, because it is out of range or 1.
    package static func cannotOwn(_ pid: String) -> RegistryError {
        RegistryError(
            .invalidOwner,
            "process \(pid) cannot be an owner",
            subject: pid,
            remedies: [.advice("give the pid of one of your own processes, above 1")]
        )
    }

    fileprivate static func invalidOwner(_ pid: Int32, _ message: String) -> RegistryError {
        RegistryError(
            .invalidOwner,
            message,
            subject: "\(pid)",
            remedies: [.advice("give the pid of one of your own running processes, or none")]
        )
    }
}
