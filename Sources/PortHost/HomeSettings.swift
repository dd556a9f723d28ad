package import Configuration
package import PortModel
package import PortRegistry
package import PortSystem

/// The settings of a home's registry, which are the same for the daemon and for programs that embed the registry.
package struct HomeSettings: Sendable {
    /// The absolute path of the database.
    package var databasePath: String
    /// The configured pools. A face that is missing here has its default pool.
    package var pools: [Face: PortPool]
    /// Ports that automatic choice leaves out.
    package var excluded: PortSet
    /// The configured ports of the daemon's addresses, whether or not it runs.
    private let daemonPorts: [UInt16]

    /// Returns a reader of `flags`, then the environment (`PORT_SERVER_…`), then the home's config.yaml. Throws
    /// `invalid_request` for a file that cannot be used.
    package static func reader(
        of home: HomeDirectory,
        flags: [AbsoluteConfigKey: ConfigValue] = [:]
    ) throws(RegistryError) -> SettingsReader {
        try SettingsReader(flags: flags, path: home.configurationPath)
    }

    /// Reads the settings. Throws `invalid_request`, with the name of the setting, for a value that cannot be used.
    package init(reader: SettingsReader, home: HomeDirectory) throws(RegistryError) {
        // A relative path in the file or the environment is relative to the home, wherever the program was started.
        databasePath = Self.path(reader.text("db") ?? home.databasePath, in: home.path)
        pools = [:]
        for face in Face.allCases {
            let name = "pools.\(face.rawValue)"
            let ranges = reader.list(name)
            guard !ranges.isEmpty else { continue }
            guard let pool = PortPool(ranges.joined(separator: ",")) else {
                throw reader.invalid(name, ranges.joined(separator: ","), "ranges such as 3000-3999")
            }
            pools[face] = pool
        }
        excluded = PortSet()
        for text in reader.list("exclude") {
            guard let range = PortRange(text) else { throw reader.invalid("exclude", text, "ports or ranges") }
            excluded.insert(range)
        }
        let addresses = [reader.text("port")].compactMap(\.self) + reader.list("listen")
        daemonPorts = addresses.compactMap { $0.split(separator: ":").last.flatMap { UInt16($0) } }
    }

    /// The registry's settings on this machine: these settings and the ports that the system keeps for itself.
    package func registrySettings() -> RegistrySettings {
        let local = LocalPorts.read()
        return RegistrySettings(
            pools: pools,
            exclusions: .standard(
                firstUnprivileged: local.firstUnprivileged,
                ephemeral: local.ephemeral,
                reserved: local.reserved,
                systemServices: local.systemServices,
                ownPorts: daemonPorts + [Port.defaultHTTP.number],
                configured: excluded
            )
        )
    }

    /// Returns `path` itself if it is absolute, and otherwise its location in `directory`.
    package static func path(_ path: String, in directory: String) -> String {
        path.hasPrefix("/") ? path : "\(directory)/\(path)"
    }
}
