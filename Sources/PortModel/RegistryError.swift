/// A refusal, with what every face needs to explain it: a stable code, the message, its subject and a next step.
package struct RegistryError: Error, Sendable, CustomStringConvertible {
    /// Stable: scripts match on these, messages may change.
    package enum Code: String, Sendable {
        case invalidName = "invalid_name"
        case invalidPort = "invalid_port"
        case invalidRequest = "invalid_request"
        /// A time to live, or a grace, that is no number of seconds in range.
        case invalidTTL = "invalid_ttl"
        /// A pid that names no process of this user.
        case invalidOwner = "invalid_owner"
        case filterRequired = "filter_required"
        case serviceAllocated = "service_allocated"
        case portAllocated = "port_allocated"
        case portInUse = "port_in_use"
        case rememberedPortTaken = "remembered_port_taken"
        case poolFull = "pool_full"
        case allocationNotFound = "allocation_not_found"
        case leaseNotFound = "lease_not_found"
        case serviceNotFound = "service_not_found"
        case ambiguousName = "ambiguous_name"
        case notListening = "not_listening"
        /// The kernel does not say which process listens.
        case occupierUnknown = "occupier_unknown"
        /// The process that was named does not listen on the port (any more).
        case notTheOccupier = "not_the_occupier"
        case severalOccupiers = "several_occupiers"
        /// A process that is never killed: process 1, the daemon, another user's.
        case protectedProcess = "protected_process"
        /// Killing did not close the port.
        case stillListening = "still_listening"
        case groupNotFound = "group_not_found"
        case nothingRemembered = "nothing_remembered"
        case storageFailed = "storage_failed"
        /// The system has no resources left to answer; nothing was changed.
        case systemUnavailable = "system_unavailable"
        case schemaTooNew = "schema_too_new"
        case insecurePath = "insecure_path"
    }

    package let code: Code
    /// Lower-case, one line, without the hint.
    package let message: String
    /// The name or port that the refusal is about.
    package let subject: String?
    /// The next thing to try, as a sentence or a command.
    package let hint: String?
    /// Who has what was asked for.
    package let holder: Allocation?
    /// What a name could have meant; empty but for `ambiguous_name`.
    package let candidates: [Allocation]

    package init(
        _ code: Code,
        _ message: String,
        subject: String? = nil,
        hint: String? = nil,
        holder: Allocation? = nil,
        candidates: [Allocation] = []
    ) {
        self.code = code
        self.message = message
        self.subject = subject
        self.hint = hint
        self.holder = holder
        self.candidates = candidates
    }

    package var description: String { hint.map { "\(message) (\($0))" } ?? message }
}
