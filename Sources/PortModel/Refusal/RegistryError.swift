/// A refusal by the registry: a stable code, a message, the subject of the message and remedies.
package struct RegistryError: Error, Sendable, CustomStringConvertible {
    /// The codes of refusals. They are stable, because scripts match on them; messages may change.
    package enum Code: String, Sendable {
        case invalidName = "invalid_name"
        case invalidPort = "invalid_port"
        case invalidRequest = "invalid_request"
        /// A time to live or a grace is not a number of seconds in its range.
        case invalidTTL = "invalid_ttl"
        /// A pid does not name a process of this user.
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
        /// The kernel does not show which process listens.
        case occupierUnknown = "occupier_unknown"
        /// The named process does not listen on the port, or no longer does.
        case notTheOccupier = "not_the_occupier"
        case severalOccupiers = "several_occupiers"
        /// The process must not be killed: it is process 1, the daemon, or a process of another user.
        case protectedProcess = "protected_process"
        /// The port is still listened on after its listener was killed.
        case stillListening = "still_listening"
        /// The caller lives in another network namespace, whose listeners the registry cannot see.
        case otherNamespace = "other_namespace"
        case groupNotFound = "group_not_found"
        case nothingRemembered = "nothing_remembered"
        case storageFailed = "storage_failed"
        /// The system could not do what the request needs, for example for lack of descriptors; nothing was changed.
        case systemUnavailable = "system_unavailable"
        case schemaTooNew = "schema_too_new"
        case insecurePath = "insecure_path"
    }

    package let code: Code
    /// One line that starts in lower case, without the hint.
    package let message: String
    /// The name, port or path that the refusal is about.
    package let subject: String?
    /// The next steps to try, best first.
    package var remedies: [Remedy]
    /// The allocation that has the requested port.
    package let holder: Allocation?
    /// The allocations that an ambiguous name matches; empty for codes other than `ambiguous_name`.
    package let candidates: [Allocation]
    /// The processes that listen on the port that is in use, as far as the kernel reports them.
    package var occupiers: [Occupier]
    /// The project of the first occupier's directory, as `app/instance`; `nil` when there is none.
    package var project: String?

    package init(
        _ code: Code,
        _ message: String,
        subject: String? = nil,
        remedies: [Remedy] = [],
        holder: Allocation? = nil,
        candidates: [Allocation] = [],
        occupiers: [Occupier] = [],
        project: String? = nil
    ) {
        self.code = code
        self.message = message
        self.subject = subject
        self.remedies = remedies
        self.holder = holder
        self.candidates = candidates
        self.occupiers = occupiers
        self.project = project
    }

    /// Returns the refusal of a port number outside 1…65535. `subject` is the rejected text, or the name of its field.
    package static func portOutOfRange(subject: String) -> RegistryError {
        RegistryError(.invalidPort, "port must be between 1 and 65535", subject: subject)
    }

    /// The remedies in plain words; `nil` when there are none.
    package var hint: String? { remedies.plainWords }

    package var description: String { hint.map { "\(message) (\($0))" } ?? message }
}
