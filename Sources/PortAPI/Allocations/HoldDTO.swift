/// A reason why an allocation lives.
package struct HoldDTO: Codable, Hashable, Sendable {
    /// `permanent`, `ttl` or `process`.
    package var kind: String
    package var face: String
    package var ttlSeconds: Int?
    package var graceSeconds: Int?
    package var ownerPID: Int32?
    /// `false` once the owner has exited; left out without one.
    package var ownerAlive: Bool?
    /// Seconds until the hold ends by itself; left out while nothing ends it.
    package var secondsLeft: Int?

    package enum CodingKeys: String, CodingKey {
        case kind, face
        case ttlSeconds = "ttl_seconds"
        case graceSeconds = "grace_seconds"
        case ownerPID = "owner_pid"
        case ownerAlive = "owner_alive"
        case secondsLeft = "seconds_left"
    }

    package init(kind: String, face: String) {
        self.kind = kind
        self.face = face
    }
}
