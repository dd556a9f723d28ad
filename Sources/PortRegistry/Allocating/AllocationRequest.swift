package import PortModel

/// A request for a port for a service.
package struct AllocationRequest: Sendable {
    /// What to do when the identity has a port already.
    package enum WhenAllocated: Sendable {
        /// Refuse the request.
        case refuse
        /// Return that port, and place or renew the hold of the caller's face beside the others.
        case share
        /// Return the port of a replica that no process uses, else that of a further replica.
        case takeIdle
        /// As ``takeIdle``, but move that replica when another port is requested, instead of refusing.
        case moveIdle
        /// Return the port of a further replica.
        case further
        /// Return the requested port when the service has that already, else the port of a further replica.
        case furtherUnlessHeld
    }

    package var identity: ServiceIdentity
    /// The port that is requested by number; `nil` when the registry chooses.
    package var port: Port?
    /// A port to try before the registry chooses.
    package var preferred: Port?
    /// The ports to choose from; `nil` for the face's pool.
    package var pool: PortPool?
    package var whenAllocated = WhenAllocated.refuse
    package var hold = RequestedHold.permanent
    /// Whether to register a service that already runs: then a busy port is not refused.
    package var adopt = false
    /// Whether to refuse, instead of moving, when the remembered port or the one already held is taken.
    package var strict = false
    /// Where the app name was detected; `nil` when it was spelled out.
    package var project: Project.Directories?
    /// `nil` to keep those of an existing allocation.
    package var tags: [String]?
    /// `nil` to keep that of an existing allocation.
    package var metadata: [String: JSONValue]?

    /// Whether the grant has the ``Grant/variables``.
    package var wantsVariables = false

    /// Whether the owner of the hold is the command that `run` becomes: a process of its own for this service.
    var isForCommand: Bool {
        if case .process = hold { whenAllocated == .takeIdle || whenAllocated == .moveIdle } else { false }
    }

    /// The id of the group that the allocation will belong to.
    var group: String?

    package init(identity: ServiceIdentity) { self.identity = identity }
}
