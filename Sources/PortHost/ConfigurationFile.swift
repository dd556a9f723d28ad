import Configuration
import PortModel
import PortSystem
import Yams

/// Reads config.yaml. Refuses a setting with an unknown name or the wrong shape instead of ignoring it.
enum ConfigurationFile {
    /// The form that a setting may have in YAML.
    private enum Shape {
        case value
        /// A list of values, or one value.
        case values
        case group([String: Shape])
    }

    private static let settings = Shape.group([
        "port": .value, "listen": .values, "db": .value, "pidfile": .value, "exclude": .values,
        "log": .group(["level": .value]),
        "sweep": .group(["seconds": .value]),
        "legacy": .group(["ports": .value]),
        "pools": .group(Dictionary(uniqueKeysWithValues: Face.allCases.map { ($0.rawValue, Shape.values) })),
    ])

    /// Returns the settings by name, such as `pools.leases`; none when there is no file at `path`. Throws
    /// `invalid_request`, with the name of the setting, for a setting or a file that cannot be used.
    static func values(at path: String) throws(RegistryError) -> [AbsoluteConfigKey: ConfigValue] {
        do {
            try PrivateFile.checkOwnFile(at: path)
        } catch {
            throw refusal("it must be a regular file of yours: \(error.reason)", path)
        }
        guard let text = SmallFile.text(at: path) else { return [:] }
        let content: Any?
        do {
            content = try Yams.load(yaml: text)
        } catch {
            throw refusal("it is not valid YAML: \(error)", path)
        }
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        if let content { try read(content, as: settings, name: "", path: path, into: &values) }
        return values
    }

    private static func read(
        _ content: Any,
        as shape: Shape,
        name: String,
        path: String,
        into values: inout [AbsoluteConfigKey: ConfigValue]
    ) throws(RegistryError) {
        let key = AbsoluteConfigKey(ConfigKey(name))
        switch shape {
        case .value:
            guard isScalar(content) else { throw refusal("\(name) must be one value", path) }
            values[key] = ConfigValue(.string("\(content)"), isSecret: false)
        case .values:
            guard let elements = isScalar(content) ? [content] : content as? [Any], elements.allSatisfy(isScalar) else {
                throw refusal("\(name) must be a list of values", path)
            }
            values[key] = ConfigValue(.stringArray(elements.map { "\($0)" }), isSecret: false)
        case .group(let members):
            guard let group = content as? [String: Any] else {
                throw refusal("\(name.isEmpty ? "it" : name) must be a mapping of settings", path)
            }
            for (key, value) in group {
                let name = name.isEmpty ? key : "\(name).\(key)"
                guard let member = members[key] else {
                    throw refusal("there is no setting \(name)", path)
                }
                try read(value, as: member, name: name, path: path, into: &values)
            }
        }
    }

    private static func isScalar(_ content: Any) -> Bool {
        content is String || content is Int || content is Bool || content is Double
    }

    private static func refusal(_ reason: String, _ path: String) -> RegistryError {
        RegistryError(
            .invalidRequest,
            "\(path) cannot be used: \(reason)",
            subject: path,
            hint: "docs/configuration.md lists every setting"
        )
    }
}
