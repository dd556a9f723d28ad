/// `POST /ports/request`, seed 004.
package struct ProjectRequestBody: Codable, Hashable, Sendable {
    /// May be missing on the wire, which then is a blank name.
    package var project: String?
    /// Tried before the registry chooses.
    package var preferred: Int?
}

/// The answer to `POST /ports/request`.
package struct ProjectGrantBody: Codable, Hashable, Sendable {
    package var port: Int
    /// `assigned preferred port`, `port assigned successfully` or `existing assignment renewed`.
    package var message: String
    package var existing: Bool
    /// Why the port is a poor choice, or not the expected one; left out when there is nothing to say.
    package var warnings: [String]?

    package init(port: Int, message: String, existing: Bool, warnings: [String]?) {
        self.port = port
        self.message = message
        self.existing = existing
        self.warnings = warnings
    }
}

/// `DELETE /ports/release`: one of the two.
package struct ProjectReleaseBody: Codable, Hashable, Sendable {
    package var project: String?
    package var port: Int?
}

/// The answer to `DELETE /ports/release`.
package struct ProjectReleasedBody: Codable, Hashable, Sendable {
    package var success: Bool
    package var message: String

    package init(success: Bool, message: String) {
        self.success = success
        self.message = message
    }
}

/// `GET /ports/active`: every allocation of the machine.
package struct ProjectPortsBody: Codable, Hashable, Sendable {
    package var ports: [Entry]
    package var count: Int

    package init(ports: [Entry]) {
        self.ports = ports
        self.count = ports.count
    }

    package struct Entry: Codable, Hashable, Sendable {
        package var port: Int
        package var project: String
        /// `null` without an owner.
        package var pid: Int32?
        /// Milliseconds since 1970.
        package var started: Int64
        /// Milliseconds since 1970.
        package var lastSeen: Int64
        /// `false` while only the grace after the last owner's exit, or a listener, keeps the port.
        package var alive: Bool
        package var ageMinutes: Int
        /// `started` as RFC 3339, UTC, with milliseconds.
        package var startedAt: String
        package var lastSeenAt: String

        package enum CodingKeys: String, CodingKey {
            case port, project, pid, started, alive
            case lastSeen = "last_seen"
            case ageMinutes = "age_minutes"
            case startedAt = "started_at"
            case lastSeenAt = "last_seen_at"
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

        /// Every key is always there.
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
        }
    }
}

/// The answer to `POST /ports/cleanup`.
package struct ProjectCleanupBody: Codable, Hashable, Sendable {
    package var freed: [Freed]
    package var count: Int

    package init(freed: [Freed]) {
        self.freed = freed
        self.count = freed.count
    }

    package struct Freed: Codable, Hashable, Sendable {
        package var port: Int
        package var project: String

        package init(port: Int, project: String) {
            self.port = port
            self.project = project
        }
    }
}

/// `GET /health`.
package struct ProjectHealthBody: Codable, Hashable, Sendable {
    package var status: String
    package var uptimeSeconds: Int
    package var activePorts: Int
    package var pid: Int32

    package enum CodingKeys: String, CodingKey {
        case status, pid
        case uptimeSeconds = "uptime_seconds"
        case activePorts = "active_ports"
    }

    package init(status: String, uptimeSeconds: Int, activePorts: Int, pid: Int32) {
        self.status = status
        self.uptimeSeconds = uptimeSeconds
        self.activePorts = activePorts
        self.pid = pid
    }
}
