/// The response to `GET /v1/status`: the daemon's version, process, files and addresses.
package struct StatusBody: Codable, Hashable, Sendable {
    package var version: String
    package var commit: String
    package var buildDate: String
    package var pid: Int32
    package var uptimeSeconds: Int
    package var home: String
    package var socket: String
    package var database: String
    /// The name of the newest migration.
    package var schema: String
    /// The number of allocations.
    package var allocations: Int
    package var listeners: [Listener]
    /// What was recovered from a damaged database when the daemon started; `nil` when it was intact.
    package var recovery: String?

    /// A TCP address of the daemon.
    package struct Listener: Codable, Hashable, Sendable {
        package var address: String
        /// `starting`, `open`, `taken` by another program, or `unavailable` for another reason. The daemon keeps trying
        /// to open an address that is taken or unavailable.
        package var state: String

        package init(address: String, state: String) {
            self.address = address
            self.state = state
        }
    }

    package enum CodingKeys: String, CodingKey {
        case version, commit, pid, home, socket, database, schema, allocations, listeners, recovery
        case buildDate = "build_date"
        case uptimeSeconds = "uptime_seconds"
    }

    package init(
        version: String,
        commit: String,
        buildDate: String,
        pid: Int32,
        uptimeSeconds: Int,
        home: String,
        socket: String,
        database: String,
        schema: String,
        allocations: Int,
        listeners: [Listener],
        recovery: String? = nil
    ) {
        self.version = version
        self.commit = commit
        self.buildDate = buildDate
        self.pid = pid
        self.uptimeSeconds = uptimeSeconds
        self.home = home
        self.socket = socket
        self.database = database
        self.schema = schema
        self.allocations = allocations
        self.listeners = listeners
        self.recovery = recovery
    }
}
