/// The body of `POST /v1/reservations`: that of `POST /v1/allocations`, and what to do with a process that listens on
/// the port.
package struct ReserveBody: Codable, Hashable, Sendable {
    /// `port` is required. `ensure`, `exclusive`, `preferred` and `adopt` have no effect.
    package var request: AllocateBody
    /// Kill the process that listens on the port.
    package var killIfOccupied: Bool?
    /// The process that may be killed; `nil` for the only one that listens.
    package var pid: Int?
    /// Send SIGKILL when SIGTERM does not close the port within three seconds.
    package var force: Bool?

    package enum CodingKeys: String, CodingKey {
        case pid, force
        case killIfOccupied = "kill_if_occupied"
    }

    package init(request: AllocateBody, killIfOccupied: Bool? = nil, pid: Int? = nil, force: Bool? = nil) {
        self.request = request
        self.killIfOccupied = killIfOccupied
        self.pid = pid
        self.force = force
    }

    /// Decodes both parts from one JSON object.
    package init(from decoder: any Decoder) throws {
        request = try AllocateBody(from: decoder)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        killIfOccupied = try container.decodeIfPresent(Bool.self, forKey: .killIfOccupied)
        pid = try container.decodeIfPresent(Int.self, forKey: .pid)
        force = try container.decodeIfPresent(Bool.self, forKey: .force)
    }

    package func encode(to encoder: any Encoder) throws {
        try request.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(killIfOccupied, forKey: .killIfOccupied)
        try container.encodeIfPresent(pid, forKey: .pid)
        try container.encodeIfPresent(force, forKey: .force)
    }
}
