/// `POST /v1/groups`: several ports, all or none.
package struct GroupRequestBody: Codable, Hashable, Sendable {
    package var app: String?
    package var instance: String?
    /// 1…1000.
    package var count: Int?
    /// The services' names, one for each port; left out: that many without a name.
    package var roles: [String]?
    /// Whether the ports must follow one another.
    package var contiguous: Bool?
    /// As ``AllocateBody/range``.
    package var range: String?
    /// As ``AllocateBody/face``.
    package var face: String?
    package var ttlSeconds: Int?
    package var ownerPID: Int?
    package var graceSeconds: Int?
    package var tags: [String]?
    package var metadata: [String: String]?
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
