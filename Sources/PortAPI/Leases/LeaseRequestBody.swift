/// The body of `POST /alloc`.
package struct LeaseRequestBody: Codable, Hashable, Sendable {
    /// `nil` counts as a blank name, which is refused.
    package var serviceName: String?
    /// `nil` for 300.
    package var ttlSeconds: Int?
    package var tags: [String]?

    package enum CodingKeys: String, CodingKey {
        case tags
        case serviceName = "service_name"
        case ttlSeconds = "ttl_seconds"
    }
}
