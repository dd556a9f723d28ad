/// A hold: a reason why an allocation exists.
package struct HoldDTO: Codable, Hashable, Sendable {
    /// `permanent`, `ttl` or `process`.
    package var kind: String
    /// The face that placed the hold.
    package var face: String
    package var ttlSeconds: Int?
    package var graceSeconds: Int?
    package var ownerPID: Int32?
    /// `false` once the owner has exited; `nil` without an owner.
    package var ownerAlive: Bool?
    /// Seconds until the hold expires; `nil` while it does not expire by time.
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
