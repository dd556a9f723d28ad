/// The response to `GET` and `DELETE /v1/services/{name}`.
package struct ServiceBody: Codable, Hashable, Sendable {
    package var app: String
    package var instance: String
    package var service: String
    /// The first replica's port.
    package var port: Int
    package var allPorts: [Int]
    package var allocations: [AllocationBody]
    /// Why the port may not be the expected one; `nil` instead of an empty list.
    package var warnings: [String]?

    package enum CodingKeys: String, CodingKey {
        case app, instance, service, port, allocations, warnings
        case allPorts = "all_ports"
    }

    /// Creates the response for the allocations of one service. `allocations` must not be empty.
    package init(_ allocations: [AllocationBody]) {
        app = allocations[0].app
        instance = allocations[0].instance
        service = allocations[0].service
        port = allocations[0].port
        allPorts = allocations.map(\.port)
        self.allocations = allocations
    }
}
