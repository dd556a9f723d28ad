import PortModel

/// A port that a service had in another system.
package struct ImportEntryDTO: Codable, Hashable, Sendable {
    package var app: String
    package var instance: String
    package var service: String
    /// The number of the replica; `nil` for an identity's first port.
    package var replica: Int?
    package var port: Int
    /// The process that uses the port. In a response: the owner of the allocation; `nil` when the port is only
    /// remembered.
    package var ownerPID: Int32?

    package enum CodingKeys: String, CodingKey {
        case app, instance, service, replica, port
        case ownerPID = "owner_pid"
    }

    package init(app: String, instance: String, service: String, replica: Int?, port: Int, ownerPID: Int32?) {
        self.app = app
        self.instance = instance
        self.service = service
        self.replica = replica
        self.port = port
        self.ownerPID = ownerPID
    }

    /// The identity as listings show it: ``ServiceIdentity/machineWideName``.
    package var name: String { ServiceIdentity.machineWideName("\(app)/\(instance)/\(service)") }
}
