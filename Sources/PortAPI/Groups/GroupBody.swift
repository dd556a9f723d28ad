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
