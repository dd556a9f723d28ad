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
    package var project: ProjectBody?

    package enum CodingKeys: String, CodingKey {
        case app, instance, count, roles, contiguous, range, face, tags, metadata, project
        case ttlSeconds = "ttl_seconds"
        case ownerPID = "owner_pid"
        case graceSeconds = "grace_seconds"
    }

    package init(app: String?, instance: String?, count: Int, roles: [String]?, project: ProjectBody? = nil) {
        self.app = app
        self.instance = instance
        self.count = count
        self.roles = roles
        self.project = project
    }
}

/// A group: the answer to `POST /v1/groups`, an element of `GET /v1/groups`.
package struct GroupBody: Codable, Hashable, Sendable {
    package var id: String
    package var app: String
    package var instance: String
    /// RFC 3339, UTC, whole seconds.
    package var createdAt: String
    /// In the order of their roles; each one's role is its service.
    package var allocations: [AllocationBody]
    /// Only in the answer to a request.
    package var warnings: [String]?

    package enum CodingKeys: String, CodingKey {
        case id, app, instance, allocations, warnings
        case createdAt = "created_at"
    }

    /// `allocations` are at least one.
    package init(id: String, createdAt: String, allocations: [AllocationBody], warnings: [String]?) {
        self.id = id
        self.app = allocations[0].app
        self.instance = allocations[0].instance
        self.createdAt = createdAt
        self.allocations = allocations
        self.warnings = warnings
    }
}
