package import PortModel

/// The hold that a request asks for.
package enum RequestedHold: Hashable, Sendable {
    case permanent
    /// In seconds.
    case ttl(Int)
    /// `grace` and `ttl` in seconds; a time to live does not run while the process lives.
    case process(pid: Int32, grace: Int, ttl: Int?)

    /// Of a time to live and of a grace, DESIGN rule 8: 30 days.
    package static let maximumSeconds = 30 * 86400
    /// DESIGN rules 7 and 8: of a lease, and of the project face's grace.
    package static let defaultSeconds = 300

    /// Reads what a face was told; what is left out has the face's default. Throws `invalid_ttl`, `invalid_owner` or
    /// `invalid_request`.
    package init(face: Face, ttl: Int?, ownerPID: Int?, grace: Int?) throws(RegistryError) {
        if let ttl { try Self.check(ttl, as: "ttl_seconds", from: 1) }
        if let grace { try Self.check(grace, as: "grace_seconds", from: 0) }
        if let ownerPID {
            guard let pid = Int32(exactly: ownerPID), pid > 1 else {
                throw .cannotOwn("\(ownerPID)")
            }
            self = .process(pid: pid, grace: grace ?? (face == .projects ? Self.defaultSeconds : 0), ttl: ttl)
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

    /// The hold's lifetime from `now` on. Throws `invalid_owner` when the process is not there, or not this user's.
    func lifetime(at now: Uptime, machine: any Machine) throws(RegistryError) -> Hold.Lifetime {
        switch self {
        case .permanent: return .permanent
        case .ttl(let seconds): return .ttl(seconds: seconds, deadline: now.advanced(bySeconds: seconds))
        case .process(let pid, let grace, let ttl):
            switch machine.owner(pid: pid) {
            case .owner(let owner): return .process(owner, grace: grace, ttl: ttl, deadline: nil)
            case .noSuchProcess:
                throw RegistryError(.invalidOwner, "there is no process \(pid)", subject: "\(pid)")
            case .anotherUser(let user):
                throw RegistryError(
                    .invalidOwner,
                    "process \(pid) belongs to user id \(user), not to you",
                    subject: "\(pid)"
                )
            }
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
}
