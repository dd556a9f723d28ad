/// A group: the response to `POST /v1/groups`, and an element of `GET /v1/groups`.
package struct GroupBody: Codable, Hashable, Sendable {
    package var id: String
    package var app: String
    package var instance: String
    /// RFC 3339, UTC, in whole seconds.
    package var createdAt: String
    /// The allocations in the order of their roles. An allocation's role is its service.
    package var allocations: [AllocationBody]
    /// As ``AllocationBody/warnings``, for all allocations. Only in the response to `POST`.
    package var warnings: [String]?

    package enum CodingKeys: String, CodingKey {
        case id, app, instance, allocations, warnings
        case createdAt = "created_at"
    }

    /// Creates a group with the app and instance of its first allocation. `allocations` must not be empty.
    package init(id: String, createdAt: String, allocations: [AllocationBody], warnings: [String]?) {
        self.id = id
        self.app = allocations[0].app
        self.instance = allocations[0].instance
        self.createdAt = createdAt
        self.allocations = allocations
        self.warnings = warnings
    }
}
