package import PortModel

/// The body of `POST /v1/allocations`.
package struct AllocateBody: Codable, Hashable, Sendable {
    /// The three names of the identity. `nil` counts as a blank name, which is refused.
    package var app: String?
    package var instance: String?
    package var service: String?
    /// The requested port; 0 or `nil` lets the registry choose.
    package var port: Int?
    /// A port to try before the registry chooses.
    package var preferred: Int?
    /// The ranges to choose from, such as `4000-4999`; `nil` for the face's pool.
    package var range: String?
    /// Return the port that the service already has, instead of refusing.
    package var ensure: Bool?
    /// Like `ensure`, but allocate a further port when the service's own port is in use.
    package var exclusive: Bool?
    /// With `exclusive`, move a port of the service that is not in use to `port`, instead of refusing.
    package var move: Bool?
    /// Allocate a further port in addition to those the service has.
    package var further: Bool?
    /// Register a service that already listens on `port`.
    package var adopt: Bool?
    /// Refuse, instead of moving to another port, when the remembered port is taken.
    package var strict: Bool?
    /// The face whose pool and holds are used: `registry`, `leases`, `projects` or `manager`; `nil` for `registry`.
    package var face: String?
    package var ttlSeconds: Int?
    package var ownerPID: Int?
    package var graceSeconds: Int?
    /// When the process cannot be an owner, allocate without one and add a warning, instead of refusing.
    package var ownerOptional: Bool?
    package var tags: [String]?
    package var metadata: [String: JSONValue]?
    package var project: ProjectDTO?
    /// Return the ``AllocationBody/variables`` with the allocation.
    package var variables: Bool?

    package enum CodingKeys: String, CodingKey {
        case app, instance, service, port, preferred, range, ensure, exclusive, move, further, adopt, strict, face,
            tags, metadata
        case project, variables
        case ttlSeconds = "ttl_seconds"
        case ownerPID = "owner_pid"
        case graceSeconds = "grace_seconds"
        case ownerOptional = "owner_optional"
    }

    package init(app: String?, instance: String?, service: String?, project: ProjectDTO? = nil) {
        self.app = app
        self.instance = instance
        self.service = service
        self.project = project
    }
}
