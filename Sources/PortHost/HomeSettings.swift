package import Configuration
package import PortModel
package import PortRegistry
package import PortSystem

/// What a home's registry was told, by the environment (PORT_SERVER_…) or config.yaml: the same for the daemon and for
/// programs that embed it.
package struct HomeSettings: Sendable {
    /// Absolute.
    package var databasePath: String
    /// Those of faces that were told one.
    package var pools: [Face: PortPool]
    /// Left out of automatic choice.
    package var excluded: PortSet

    /// Reads from `flags`, else the environment, else the home's config.yaml. Throws `invalid_request` for a file that
    /// cannot be used.
    package static func reader(
        of home: HomeDirectory,
        flags: [AbsoluteConfigKey: ConfigValue] = [:]
    ) throws(RegistryError) -> ConfigReader {
        ConfigReader(providers: [
            InMemoryProvider(name: "flags", values: flags),
            KeyMappingProvider(upstream: EnvironmentVariablesProvider()) { $0.prepending(["port", "server"]) },
            InMemoryProvider(name: "file", values: try ConfigurationFile.values(at: home.configurationPath)),
        ])
    }

    /// Where the daemon listens, or would.
    private let daemonPorts: [UInt16]

    /// Throws `invalid_request` that names the setting for a value that cannot be used.
    package init(reader: ConfigReader, home: HomeDirectory) throws(RegistryError) {
        // Where a program was started from says nothing about a path in the file or the environment.
        databasePath = Self.path(reader.text("db") ?? home.databasePath, in: home.path)
        pools = [:]
        for face in Face.allCases {
            let name = "pools.\(face.rawValue)"
            let ranges = reader.list(name)
            guard !ranges.isEmpty else { continue }
            guard let pool = PortPool(ranges.joined(separator: ",")) else {
                throw .invalidSetting(name, ranges.joined(separator: ","), "ranges such as 3000-3999")
            }
            pools[face] = pool
        }
        excluded = PortSet()
        for text in reader.list("exclude") {
            guard let range = PortRange(text) else { throw .invalidSetting("exclude", text, "ports or ranges") }
            excluded.insert(range)
        }
        let addresses = [reader.text("port")].compactMap(\.self) + reader.list("listen")
        daemonPorts = addresses.compactMap { $0.split(separator: ":").last.flatMap { UInt16($0) } }
    }

    /// The rules' settings on this machine.
    package func registrySettings() -> RegistrySettings {
        let local = LocalPorts.read()
        return RegistrySettings(
            pools: pools,
            exclusions: .standard(
                firstUnprivileged: local.firstUnprivileged,
                ephemeral: local.ephemeral,
                reserved: local.reserved,
                systemServices: local.systemServices,
                ownPorts: daemonPorts + [Self.defaultHTTPPort.number],
                configured: excluded
            )
        )
    }

    /// Where curl and browsers find the daemon, seed 002.
    package static let defaultHTTPPort = Port(51234)!

    /// `path` as it stands when it is absolute, else in `directory`.
    package static func path(_ path: String, in directory: String) -> String {
        path.hasPrefix("/") ? path : "\(directory)/\(path)"
    }
}

extension RegistryError {
    package static func invalidSetting(_ setting: String, _ text: String, _ expected: String) -> RegistryError {
        RegistryError(.invalidRequest, "\(setting) must be \(expected), not \"\(text)\"", subject: setting)
    }
}

extension ConfigReader {
    /// A scalar as text, however the file wrote it; `nil` when it is missing or empty.
    package func text(_ key: String) -> String? {
        let key = ConfigKey(key)
        let text = string(forKey: key) ?? int(forKey: key).map(String.init) ?? bool(forKey: key).map(String.init)
        return text.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A list, or one scalar with commas.
    package func list(_ key: String) -> [String] {
        let texts = stringArray(forKey: ConfigKey(key)) ?? text(key).map { [$0] } ?? []
        return texts.flatMap { $0.split(separator: ",") }.map { $0.trimmingSpaces() }
    }
}
