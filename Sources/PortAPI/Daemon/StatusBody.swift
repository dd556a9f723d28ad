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
    /// The TCP addresses of the daemon.
    package var addresses: [Address]
    /// What was recovered from a damaged database when the daemon started; `nil` when it was intact.
    package var recovery: String?
    /// `nil` on systems without network namespaces, or when it is not known.
    package var network: Network?

    /// The daemon's network namespace: the one whose listeners it sees.
    package struct Network: Codable, Hashable, Sendable {
        /// The name, such as `net:[4026531840]`.
        package var namespace: String
        /// What shows that the namespace was made to shut programs off from the machine's network; `nil` when nothing
        /// does.
        package var sandbox: String?

        package init(namespace: String, sandbox: String? = nil) {
            self.namespace = namespace
            self.sandbox = sandbox
        }
    }

    /// A TCP address of the daemon.
    package struct Address: Codable, Hashable, Sendable {
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
        case version, commit, pid, home, socket, database, schema, allocations, recovery, network
        case addresses = "listeners"
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
        addresses: [Address],
        recovery: String? = nil,
        network: Network? = nil
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
        self.addresses = addresses
        self.recovery = recovery
        self.network = network
    }
}
