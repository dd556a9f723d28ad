/// `POST /v1/reservations`: what `POST /v1/allocations` takes, with a port, and what to do with who listens there.
package struct ReserveBody: Codable, Hashable, Sendable {
    /// `port` must be given. `ensure`, `exclusive`, `preferred` and `adopt` mean nothing here.
    package var request: AllocateBody
    /// End the process that listens on the port.
    package var killIfOccupied: Bool?
    /// The process that the caller saw; another one is not touched.
    package var pid: Int?
    /// SIGKILL when SIGTERM does not close the port within three seconds.
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

    /// One object holds both.
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
