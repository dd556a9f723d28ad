/// The response to `GET /v1/ports/{port}`.
package struct PortBody: Codable, Hashable, Sendable {
    package var port: Int
    /// Whether a request for the port would succeed.
    package var available: Bool
    /// Whether a socket uses the port now, whether or not the port is allocated.
    package var inUse: Bool
    /// The allocation of the port, if there is one.
    package var holder: AllocationBody?
    /// Why an available port is a poor choice; `nil` instead of an empty list.
    package var warnings: [String]?
    /// The sockets that listen on the port; `nil` instead of an empty list.
    package var listeners: [ListenerBody]?
    /// The sockets that use the port without listening on it, if no socket listens; `nil` instead of an empty list.
    package var uses: [PortUseBody]?

    package enum CodingKeys: String, CodingKey {
        case port, available, holder, warnings, listeners, uses
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
