package import PortAPI
package import PortRegistry

/// The values that the routes and guards need.
package struct ServerDependencies: Sendable {
    package var registry: Registry
    package var events: EventStreams
    package var peers: any PeerIdentification
    /// The user that the daemon runs as and serves.
    package var userID: UInt32
    /// The contents of the token file.
    package var token: String
    /// Returns the body of `GET /v1/status`.
    package var status: @Sendable () async throws -> StatusBody
    /// Ends the daemon in favor of one in another network namespace; `nil` for a daemon that never ends for that.
    package var succession: (any Succession)?

    package init(
        registry: Registry,
        events: EventStreams,
        peers: any PeerIdentification,
        userID: UInt32,
        token: String,
        status: @escaping @Sendable () async throws -> StatusBody,
        succession: (any Succession)? = nil
    ) {
        self.registry = registry
        self.events = events
        self.peers = peers
        self.userID = userID
        self.token = token
        self.status = status
        self.succession = succession
    }
}
