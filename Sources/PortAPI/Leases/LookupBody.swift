/// `GET /lookup`.
package struct LookupBody: Codable, Hashable, Sendable {
    package var serviceName: String
    /// The first replica's; `null` for an unknown name.
    package var port: Int?
    package var allPorts: [Int]
    package var lease: LeaseBody?

    package enum CodingKeys: String, CodingKey {
        case port, lease
        case serviceName = "service_name"
        case allPorts = "all_ports"
    }

    /// `leases` are those of one service, the first replica first.
    package init(serviceName: String, leases: [LeaseBody]) {
        self.serviceName = serviceName
        port = leases.first?.port
        allPorts = leases.map(\.port)
        lease = leases.first
    }

    /// Every key is always there.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(serviceName, forKey: .serviceName)
        try container.encode(port, forKey: .port)
        try container.encode(allPorts, forKey: .allPorts)
        try container.encode(lease, forKey: .lease)
    }
}
