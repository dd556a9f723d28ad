package import Configuration
import PortErrors
package import PortModel
import PortSystem

/// Reads settings from the flags, then the environment (`PORT_SERVER_…`), then the home's config.yaml, and knows which
/// of them a setting comes from.
package struct SettingsReader: Sendable {
    private let reader: ConfigReader
    private let flags: Set<AbsoluteConfigKey>
    private let file: ConfigurationFile

    /// Reads config.yaml at `path`. Throws `invalid_request` for a file, or a variable, that cannot be used.
    package init(flags: [AbsoluteConfigKey: ConfigValue], path: String) throws(RegistryError) {
        try RegistryError.mapping { () throws(SystemError) in
            for name in ConfigurationFile.settingNames { _ = try Environment.text(Self.variable(name)) }
        }
        file = try ConfigurationFile(path: path)
        self.flags = Set(flags.keys)
        reader = ConfigReader(providers: [
            InMemoryProvider(name: "flags", values: flags),
            KeyMappingProvider(upstream: EnvironmentVariablesProvider()) { $0.prepending(["port", "server"]) },
            InMemoryProvider(name: "file", values: file.values),
        ])
    }

    /// A single value as text, whatever its type in the file; `nil` when it is missing or empty.
    package func text(_ setting: String) -> String? {
        let key = ConfigKey(setting)
        let text =
            reader.string(forKey: key) ?? reader.int(forKey: key).map(String.init)
            ?? reader.bool(forKey: key).map(String.init)
        return text.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The elements of a list, or of a single value separated by commas.
    package func list(_ setting: String) -> [String] {
        let texts = reader.stringArray(forKey: ConfigKey(setting)) ?? text(setting).map { [$0] } ?? []
        return texts.flatMap { $0.split(separator: ",") }.map { $0.trimmingSpaces() }
    }

    /// Returns an `invalid_request` for a setting with an unusable value, which names where the value is from.
    /// `expected` completes "SETTING must be …".
    package func invalid(_ setting: String, _ text: String, _ expected: String) -> RegistryError {
        RegistryError(
            .invalidRequest,
            "\(setting) must be \(expected), not \"\(text)\" (\(source(of: setting)))",
            subject: setting
        )
    }

    /// Adds where the value of `setting` is from to the message of `error`.
    package func locating(_ error: RegistryError, in setting: String) -> RegistryError {
        RegistryError(
            error.code,
            "\(setting): \(error.message) (\(source(of: setting)))",
            subject: error.subject,
            remedies: error.remedies
        )
    }

    /// The flag, the environment variable, or the line of the file that sets `setting`.
    private func source(of setting: String) -> String {
        if flags.contains(AbsoluteConfigKey(ConfigKey(setting))) {
            return "from --\(setting.replacing(".", with: "-"))"
        }
        let variable = Self.variable(setting)
        if Environment.value(variable) != nil { return "from \(variable)" }
        return "from \(file.location(of: setting))"
    }

    /// The environment variable of a setting, such as `PORT_SERVER_LOG_LEVEL` for `log.level`.
    private static func variable(_ setting: String) -> String {
        "PORT_SERVER_" + setting.uppercased().replacing(".", with: "_")
    }
}
