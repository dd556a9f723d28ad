/// An allocation on the wire: the keys of seed 002, and more where there is more to say.
package struct AllocationBody: Codable, Hashable, Sendable {
    package var id: Int64
    package var app: String
    package var instance: String
    package var service: String
    package var port: Int
    /// RFC 3339, UTC, whole seconds.
    package var createdAt: String
    /// Left out for an identity's first port.
    package var replica: Int?
    /// Of allocations that were made together: the group's id.
    package var group: String?
    /// Only in the answer to a request: why the port is a poor choice, or not the expected one.
    package var warnings: [String]?
    /// Only with `wide`.
    package var directory: String?
    /// Left out when there are none.
    package var tags: [String]?
    /// Left out when there is none.
    package var metadata: [String: String]?
    /// Only with `wide`: when a request made or renewed it last. RFC 3339, UTC, whole seconds.
    package var lastSeen: String?
    /// Only with `wide`: `reserved`, `active`, `conflict` or `lingering`.
    package var state: String?
    /// Only with `wide`.
    package var holds: [HoldDTO]?
    /// Only with `wide`: who listens on the port, as far as the kernel tells; left out when nobody is known.
    package var occupiers: [ProcessDTO]?
    /// Only with `wide`: the process that asked for the allocation first, which may be gone.
    package var requestedByPID: Int32?

    package enum CodingKeys: String, CodingKey {
        case id, app, instance, service, port, replica, group, warnings, state, holds, occupiers, tags
        case metadata
        case directory = "folder"
        case requestedByPID = "requested_by_pid"
        case createdAt = "created_at"
        case lastSeen = "last_seen"
    }

    package init(id: Int64, app: String, instance: String, service: String, port: Int, createdAt: String) {
        self.id = id
        self.app = app
        self.instance = instance
        self.service = service
        self.port = port
        self.createdAt = createdAt
    }

    /// `app/instance/service`.
    package var name: String { "\(app)/\(instance)/\(service)" }
}
