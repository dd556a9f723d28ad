import Configuration
import Logging
import PortModel
import PortRegistry
import PortServer
import PortSystem

/// What the daemon was told: by flags, else the environment (PORT_SERVER_…), else config.yaml in the home, else the
/// defaults. docs/configuration.md has them all.
struct DaemonSettings {
    /// `isRequired`: asked for, so that failing to listen is fatal.
    var addresses: [(address: ListenAddress, isRequired: Bool)]
    /// Absolute.
    var databasePath: String
    /// Absolute.
    var pidFilePath: String
    var logLevel: Logger.Level
    var pools: [Face: PortPool]
    /// Left out of automatic choice.
    var excluded: PortSet
    /// Seconds between two looks at every owner, in case an exit went unreported.
    var sweepInterval: Int

    /// Where curl and browsers find the daemon, seed 002.
    static let defaultPort = Port(51234)!

    struct Flags {
        var port: String?
        var listen: [String]
        var database: String?
        var pidFile: String?
        var logLevel: String?
        var legacyPorts: Bool
    }

    /// Throws `invalid_request` that names the setting for a value that cannot be used.
    static func read(home: HomeFolder, flags: Flags) async throws -> DaemonSettings {
        var given: [AbsoluteConfigKey: ConfigValue] = [:]
        let texts = [
            "port": flags.port, "db": flags.database.map(absolute), "pidfile": flags.pidFile.map(absolute),
            "log.level": flags.logLevel,
        ]
        for (key, text) in texts {
            if let text { given[AbsoluteConfigKey(ConfigKey(key))] = ConfigValue(.string(text), isSecret: false) }
        }
        if flags.legacyPorts { given["legacy.ports"] = ConfigValue(.string("true"), isSecret: false) }
        if !flags.listen.isEmpty {
            given["listen"] = ConfigValue(.stringArray(flags.listen), isSecret: false)
        }
        let reader = ConfigReader(providers: [
            InMemoryProvider(name: "flags", values: given),
            KeyMappingProvider(upstream: EnvironmentVariablesProvider()) { $0.prepending(["port", "server"]) },
            try await file(of: home),
        ])
        return try DaemonSettings(reader: reader, home: home)
    }

    private static func file(of home: HomeFolder) async throws -> any ConfigProvider {
        let path = home.configurationPath
        do {
            try PrivateFile.refuseStrangeFile(at: path)
            try ConfigurationFile.check(path)
            let location = InMemoryProvider(values: [
                "filePath": ConfigValue(.string(path), isSecret: false), "allowMissing": true,
            ])
            return try await FileProvider<YAMLSnapshot>(config: ConfigReader(provider: location))
        } catch let error as RegistryError {
            throw error
        } catch {
            throw RegistryError(
                .invalidRequest,
                "\(path) cannot be read: \(error)",
                subject: path,
                hint: "it must be a YAML file of yours, as docs/configuration.md describes it"
            )
        }
    }

    private init(reader: ConfigReader, home: HomeFolder) throws {
        var addresses: [(ListenAddress, Bool)] = []
        if let text = reader.text("port") {
            guard let port = Port(text) else { throw Self.invalid("port", text, "a number between 1 and 65535") }
            addresses.append((ListenAddress(port: port), true))
        }
        for text in reader.list("listen") {
            let address = try ListenAddress(text)
            if !addresses.contains(where: { $0.0 == address }) { addresses.append((address, true)) }
        }
        self.addresses = addresses.isEmpty ? [(ListenAddress(port: Self.defaultPort), false)] : addresses
        let legacyPorts = reader.text("legacy.ports") ?? "false"
        guard ["true", "false"].contains(legacyPorts) else {
            throw Self.invalid("legacy.ports", legacyPorts, "true or false")
        }
        if legacyPorts == "true" {
            for address in PortExclusions.legacyPorts.map(ListenAddress.init(port:))
            where !self.addresses.contains(where: { $0.address == address }) {
                self.addresses.append((address, false))
            }
        }
        let sweep = reader.text("sweep.seconds") ?? "300"
        guard let sweepInterval = Int(sweep), (1...86400).contains(sweepInterval) else {
            throw Self.invalid("sweep.seconds", sweep, "a number of seconds between 1 and 86400")
        }
        self.sweepInterval = sweepInterval
        // Where the daemon was started from says nothing about a path in the file or the environment.
        databasePath = Self.path(reader.text("db") ?? home.databasePath, in: home.path)
        pidFilePath = Self.path(reader.text("pidfile") ?? home.pidFilePath, in: home.path)
        let level = reader.text("log.level") ?? "info"
        guard let logLevel = Logger.Level(rawValue: level) else {
            throw Self.invalid("log.level", level, "one of trace, debug, info, notice, warning, error, critical")
        }
        self.logLevel = logLevel
        pools = [:]
        for face in Face.allCases {
            let ranges = reader.list("pools.\(face.rawValue)")
            guard !ranges.isEmpty else { continue }
            guard let pool = PortPool(ranges.joined(separator: ",")) else {
                throw Self.invalid("pools.\(face.rawValue)", ranges.joined(separator: ","), "ranges such as 3000-3999")
            }
            pools[face] = pool
        }
        excluded = PortSet()
        for text in reader.list("exclude") {
            guard let range = PortRange(text) else { throw Self.invalid("exclude", text, "ports or ranges") }
            excluded.insert(range)
        }
    }

    private static func invalid(_ setting: String, _ text: String, _ expected: String) -> RegistryError {
        RegistryError(.invalidRequest, "\(setting) must be \(expected), not \"\(text)\"", subject: setting)
    }

    /// A path on the command line is relative to the working folder.
    private static func absolute(_ text: String) -> String { path(text, in: CurrentProcess.folder ?? "") }

    private static func path(_ path: String, in folder: String) -> String {
        path.hasPrefix("/") ? path : "\(folder)/\(path)"
    }
}

extension ConfigReader {
    /// A scalar as text, however the file wrote it; `nil` when it is missing or empty.
    fileprivate func text(_ key: String) -> String? {
        let key = ConfigKey(key)
        let text = string(forKey: key) ?? int(forKey: key).map(String.init) ?? bool(forKey: key).map(String.init)
        return text.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A list, or one scalar with commas.
    fileprivate func list(_ key: String) -> [String] {
        let texts = stringArray(forKey: ConfigKey(key)) ?? text(key).map { [$0] } ?? []
        return texts.flatMap { $0.split(separator: ",") }.map { $0.trimmingSpaces() }
    }
}
