package import PortModel

/// An allocation: the keys of the original port-server (docs/compatibility.md), and optional ones in addition.
package struct AllocationBody: Codable, Hashable, Sendable {
    package var id: Int64
    package var app: String
    package var instance: String
    package var service: String
    package var port: Int
    /// RFC 3339, UTC, in whole seconds.
    package var createdAt: String
    /// The number of the replica; `nil` for an identity's first port.
    package var replica: Int?
    /// The id of the group that the allocation was made in.
    package var group: String?
    /// Why the port is a poor choice or not the expected one. Only in the response to a request for a port.
    package var warnings: [String]?
    /// What to do about the warnings; `nil` instead of an empty list.
    package var remedies: [RemedyDTO]?
    /// The environment variables that name the ports of the service and of the others of its instance, such as
    /// `PORTCTL_API_PORT`. Only in the response to a request with `variables`.
    package var variables: [String: String]?
    /// The checkout that the service belongs to. Only with `wide`.
    package var directory: String?
    /// `nil` instead of an empty list.
    package var tags: [String]?
    /// `nil` instead of an empty dictionary.
    package var metadata: [String: JSONValue]?
    /// When a request last made or renewed the allocation: RFC 3339, UTC, in whole seconds. Only with `wide`.
    package var lastSeen: String?
    /// `reserved`, `active`, `conflict` or `lingering`. Only with `wide`.
    package var state: String?
    /// Whether who listens is the service: `mine`, `unknown`, `foreign` or `none`. Only with `wide`.
    package var verdict: String?
    /// The rule behind the verdict, as the end of a sentence about the process; `nil` when nobody listens. Only with
    /// `wide`.
    package var reason: String?
    /// The port on which the service really listens, while nobody listens on its own; otherwise `nil`. Only with
    /// `wide`.
    package var actualPort: Int?
    /// The mark for the environment of the command that owns the allocation. Only in the response to a request with
    /// `exclusive` and `owner_pid`.
    package var mark: String?
    /// Empty while the allocation lingers. Only with `wide`.
    package var holds: [HoldDTO]?
    /// The processes known to listen on the port; `nil` instead of an empty list. Only with `wide`.
    package var occupiers: [ProcessDTO]?
    /// The process that first requested the allocation, which may have exited. Only with `wide`.
    package var requestedByPID: Int32?

    package enum CodingKeys: String, CodingKey {
        case id, app, instance, service, port, replica, group, warnings, remedies, state, holds, occupiers, tags
        case metadata, verdict, mark, variables
        case actualPort = "actual_port"
        case reason = "verdict_reason"
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

    /// The identity as `app/instance/service`.
    package var path: String { "\(app)/\(instance)/\(service)" }

    /// The identity for people: as `app/instance/service`, or the machine-wide name that was typed for it.
    package var name: String { ServiceIdentity.machineWideName(path) }

    /// Whether the identity stands for a name that is used on the whole machine, as by `get-port`.
    package var isMachineWide: Bool { name != path }
}
