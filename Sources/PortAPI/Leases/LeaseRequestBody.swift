/// `POST /alloc`, seed 003.
package struct LeaseRequestBody: Codable, Hashable, Sendable {
    /// May be missing on the wire, which then is a blank name.
    package var serviceName: String?
    /// Left out: 300.
    package var ttlSeconds: Int?
    package var tags: [String]?

    package enum CodingKeys: String, CodingKey {
        case tags
        case serviceName = "service_name"
        case ttlSeconds = "ttl_seconds"
    }
}
