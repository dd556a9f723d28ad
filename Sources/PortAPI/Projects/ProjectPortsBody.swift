/// The response to `GET /ports/active`: every allocation of the machine.
package struct ProjectPortsBody: Codable, Hashable, Sendable {
    package var ports: [Entry]
    package var count: Int

    /// Creates the response for `ports`, and counts them.
    package init(ports: [Entry]) {
        self.ports = ports
        self.count = ports.count
    }

    /// An allocation in the form of the get-port service.
    package struct Entry: Codable, Hashable, Sendable {
        package var port: Int
        package var project: String
        /// The owner's process; `null` without an owner.
        package var pid: Int32?
        /// Milliseconds since 1970.
        package var started: Int64
        /// Milliseconds since 1970.
        package var lastSeen: Int64
        /// `false` when the last owner has exited, and only the grace or a listening process keeps the port allocated.
        package var alive: Bool
        package var ageMinutes: Int
        /// `started` as RFC 3339, UTC, with milliseconds.
        package var startedAt: String
        /// `lastSeen` as RFC 3339, UTC, with milliseconds.
        package var lastSeenAt: String
        /// The port on which the service really listens; `nil`, and then not encoded, unless it is another one.
        package var actualPort: Int?

        package enum CodingKeys: String, CodingKey {
            case port, project, pid, started, alive
            case lastSeen = "last_seen"
            case ageMinutes = "age_minutes"
            case startedAt = "started_at"
            case lastSeenAt = "last_seen_at"
            case actualPort = "actual_port"
        }

        package init(
            port: Int,
            project: String,
            pid: Int32?,
            started: Int64,
            lastSeen: Int64,
            alive: Bool,
            ageMinutes: Int,
            startedAt: String,
            lastSeenAt: String
        ) {
            self.port = port
            self.project = project
            self.pid = pid
            self.started = started
            self.lastSeen = lastSeen
            self.alive = alive
            self.ageMinutes = ageMinutes
            self.startedAt = startedAt
            self.lastSeenAt = lastSeenAt
        }

        /// Encodes every key, also those whose value is `null`.
        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(port, forKey: .port)
            try container.encode(project, forKey: .project)
            try container.encode(pid, forKey: .pid)
            try container.encode(started, forKey: .started)
            try container.encode(lastSeen, forKey: .lastSeen)
            try container.encode(alive, forKey: .alive)
            try container.encode(ageMinutes, forKey: .ageMinutes)
            try container.encode(startedAt, forKey: .startedAt)
            try container.encode(lastSeenAt, forKey: .lastSeenAt)
            try container.encodeIfPresent(actualPort, forKey: .actualPort)
        }
    }
}
