/// A lease in the form of PortManager's leases. Every allocation can be shown as one.
package struct LeaseBody: Codable, Hashable, Sendable {
    package var port: Int
    package var serviceName: String
    /// RFC 3339, UTC.
    package var allocatedAt: String
    /// The time of the last request or heartbeat: RFC 3339, UTC.
    package var lastHeartbeat: String
    /// `null` for an allocation that does not expire by time.
    package var ttlSeconds: Int?
    package var tags: [String]

    package enum CodingKeys: String, CodingKey {
        case port, tags
        case serviceName = "service_name"
        case allocatedAt = "allocated_at"
        case lastHeartbeat = "last_heartbeat"
        case ttlSeconds = "ttl_seconds"
    }

    package init(
        port: Int,
        serviceName: String,
        allocatedAt: String,
        lastHeartbeat: String,
        ttlSeconds: Int?,
        tags: [String]
    ) {
        self.port = port
        self.serviceName = serviceName
        self.allocatedAt = allocatedAt
        self.lastHeartbeat = lastHeartbeat
        self.ttlSeconds = ttlSeconds
        self.tags = tags
    }

    /// Encodes every key, also those whose value is `null`.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(port, forKey: .port)
        try container.encode(serviceName, forKey: .serviceName)
        try container.encode(allocatedAt, forKey: .allocatedAt)
        try container.encode(lastHeartbeat, forKey: .lastHeartbeat)
        try container.encode(ttlSeconds, forKey: .ttlSeconds)
        try container.encode(tags, forKey: .tags)
    }
}
