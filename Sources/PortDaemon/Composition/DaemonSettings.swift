import Configuration
import Logging
import PortHTTP
import PortHost
import PortModel
import PortRegistry
import PortSystem

/// The daemon's settings: flags, then the environment (`PORT_SERVER_…`), then config.yaml in the home, then the
/// defaults. docs/configuration.md lists them.
struct DaemonSettings {
    /// The addresses for HTTP. `isRequired` marks an address that was configured, which the daemon does not run
    /// without.
    var addresses: [(address: LoopbackAddress, isRequired: Bool)]
    /// The settings that programs which embed the registry have in common with the daemon.
    var registry: HomeSettings
    /// The absolute path of the pid file.
    var pidFilePath: String
    var logLevel: Logger.Level
    /// Seconds between two checks of every owner, in case the kernel did not report an exit.
    var sweepInterval: Int

    /// The command line's options; `nil` for one that was not given.
    struct Flags {
        var port: String?
        var listen: [String]
        var database: String?
        var pidFile: String?
        var logLevel: String?
        var legacyPorts: Bool
    }

    /// Reads the settings. Throws `invalid_request`, with the name of the setting, for a value that cannot be used.
    static func read(home: HomeDirectory, flags: Flags) throws -> DaemonSettings {
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
        return try DaemonSettings(reader: HomeSettings.reader(of: home, flags: given), home: home)
    }

    private init(reader: SettingsReader, home: HomeDirectory) throws {
        var addresses: [(LoopbackAddress, Bool)] = []
        if let text = reader.text("port") {
            guard let port = Port(text) else { throw reader.invalid("port", text, "a number between 1 and 65535") }
            addresses.append((LoopbackAddress(port: port), true))
        }
        for text in reader.list("listen") {
            let address: LoopbackAddress
            do { address = try LoopbackAddress(text) } catch { throw reader.locating(error, in: "listen") }
            if !addresses.contains(where: { $0.0 == address }) { addresses.append((address, true)) }
        }
        self.addresses = addresses.isEmpty ? [(LoopbackAddress(port: Port.defaultHTTP), false)] : addresses
        let legacyPorts = reader.text("legacy.ports") ?? "false"
        guard ["true", "false"].contains(legacyPorts) else {
            throw reader.invalid("legacy.ports", legacyPorts, "true or false")
        }
        if legacyPorts == "true" {
            for address in PortExclusions.legacyPorts.map(LoopbackAddress.init(port:))
            where !self.addresses.contains(where: { $0.address == address }) {
                self.addresses.append((address, false))
            }
        }
        let sweep = reader.text("sweep.seconds") ?? "300"
        guard let sweepInterval = Int(sweep), (1...86400).contains(sweepInterval) else {
            throw reader.invalid("sweep.seconds", sweep, "a number of seconds between 1 and 86400")
        }
        self.sweepInterval = sweepInterval
        pidFilePath = HomeSettings.path(reader.text("pidfile") ?? home.pidFilePath, in: home.path)
        let level = reader.text("log.level") ?? "info"
        guard let logLevel = Logger.Level(rawValue: level) else {
            throw reader.invalid("log.level", level, "one of trace, debug, info, notice, warning, error, critical")
        }
        self.logLevel = logLevel
        registry = try HomeSettings(reader: reader, home: home)
    }

    /// A path on the command line is relative to the working directory.
    private static func absolute(_ text: String) -> String {
        HomeSettings.path(text, in: CurrentProcess.directory ?? "")
    }
}
