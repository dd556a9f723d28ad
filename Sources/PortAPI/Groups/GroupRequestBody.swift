package import PortModel

/// The body of `POST /v1/groups`, which allocates all of several ports or none.
package struct GroupRequestBody: Codable, Hashable, Sendable {
    package var app: String?
    package var instance: String?
    /// The number of ports: 1 to 1000.
    package var count: Int?
    /// The names of the services, one for each port; `nil` for `count` replicas of the service `port`.
    package var roles: [String]?
    /// Whether the ports must be consecutive.
    package var contiguous: Bool?
    /// As ``AllocateBody/range``.
    package var range: String?
    /// As ``AllocateBody/face``.
    package var face: String?
    package var ttlSeconds: Int?
    package var ownerPID: Int?
    package var graceSeconds: Int?
    package var tags: [String]?
    package var metadata: [String: JSONValue]?
    package var project: ProjectDTO?

    package enum CodingKeys: String, CodingKey {
        case app, instance, count, roles, contiguous, range, face, tags, metadata, project
        case ttlSeconds = "ttl_seconds"
        case ownerPID = "owner_pid"
        case graceSeconds = "grace_seconds"
    }

    package init(app: String?, instance: String?, count: Int, roles: [String]?, project: ProjectDTO? = nil) {
        self.app = app
        self.instance = instance
        self.count = count
        self.roles = roles
        self.project = project
    }
}
