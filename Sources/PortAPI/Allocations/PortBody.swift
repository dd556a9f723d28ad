/// `GET /v1/ports/{port}`.
package struct PortBody: Codable, Hashable, Sendable {
    package var port: Int
    package var available: Bool
    /// Whether a socket holds the port now, allocated or not.
    package var inUse: Bool
    /// Left out when no allocation has the port.
    package var holder: AllocationBody?
    /// Why a free port is a poor choice; left out when it is not.
    package var warnings: [String]?

    package enum CodingKeys: String, CodingKey {
        case port, available, holder, warnings
        case inUse = "in_use"
    }

    package init(
        port: Int,
        available: Bool,
        inUse: Bool,
        holder: AllocationBody? = nil,
        warnings: [String]? = nil
    ) {
        self.port = port
        self.available = available
        self.inUse = inUse
        self.holder = holder
        self.warnings = warnings
    }
}
