/// The response to `GET /health`.
package struct ProjectHealthBody: Codable, Hashable, Sendable {
    package var status: String
    package var uptimeSeconds: Int
    /// The number of allocations on the machine.
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
