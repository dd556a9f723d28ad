/// The response to `GET /lookup`.
package struct LookupBody: Codable, Hashable, Sendable {
    package var serviceName: String
    /// The first replica's port; `null` for an unknown name.
    package var port: Int?
    package var allPorts: [Int]
    /// The first replica's lease; `null` for an unknown name.
    package var lease: LeaseBody?
    /// Whether who listens on the port is the service: `mine`, `unknown`, `foreign` or `none`; `nil`, and then not
    /// encoded, for an unknown name.
    package var verdict: String?

    package enum CodingKeys: String, CodingKey {
        case port, lease, verdict
        case serviceName = "service_name"
        case allPorts = "all_ports"
    }

    /// Creates the response for the leases of one service, the first replica first. `leases` may be empty.
    package init(serviceName: String, leases: [LeaseBody]) {
        self.serviceName = serviceName
        port = leases.first?.port
        allPorts = leases.map(\.port)
        lease = leases.first
    }

    /// Encodes every key, also those whose value is `null`.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(serviceName, forKey: .serviceName)
        try container.encode(port, forKey: .port)
        try container.encode(allPorts, forKey: .allPorts)
        try container.encode(lease, forKey: .lease)
        try container.encodeIfPresent(verdict, forKey: .verdict)
    }
}
