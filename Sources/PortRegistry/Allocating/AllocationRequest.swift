package import PortModel

/// What a face asks for on behalf of a service.
package struct AllocationRequest: Sendable {
    /// What to do when the identity has a port already.
    package enum WhenAllocated: Sendable {
        case refuse
        /// That port, with a hold of the caller's beside the others.
        case share
        /// That port when nobody uses it, else a further replica's.
        case takeIdle
        /// A further replica's port.
        case further
        /// Like `further`, but the port that is asked for when the service has that already.
        case furtherUnlessHeld
    }

    package var identity: ServiceIdentity
    /// `nil`: the registry chooses.
    package var port: Port?
    /// A port to try before the registry chooses.
    package var preferred: Port?
    /// What to choose from; `nil`: the face's pool.
    package var pool: PortPool?
    package var whenAllocated = WhenAllocated.refuse
    package var hold = RequestedHold.permanent
    /// Register a service that already runs: a busy port is no reason to refuse.
    package var adopt = false
    /// Fail instead of moving when the remembered port, or the one already held, is taken.
    package var strict = false
    /// Where the app's name was detected; `nil` when it was spelled out.
    package var project: ProjectDirectory?
    /// `nil`: an existing allocation's stay.
    package var tags: [String]?
    /// `nil`: an existing allocation's stays.
    package var metadata: [String: String]?

    /// The id of the group that the allocation is to belong to.
    var group: String?

    package init(identity: ServiceIdentity) { self.identity = identity }
}
