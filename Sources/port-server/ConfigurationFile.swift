import PortModel
import PortSystem
import Yams

/// Checks what config.yaml says before it is read: a setting that is misspelled, or has the wrong shape, would else be
/// passed over in silence.
enum ConfigurationFile {
    private enum Shape {
        case value
        /// Several values, or one.
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

    /// Throws `invalid_request` that names the setting. Nothing at `path` is fine.
    static func check(_ path: String) throws(RegistryError) {
        guard let text = SmallFile.text(at: path) else { return }
        let content: Any?
        do {
            content = try Yams.load(yaml: text)
        } catch {
            throw refusal("it is no YAML: \(error)", path)
        }
        if let content { try check(content, against: settings, name: "", path: path) }
    }

    private static func check(_ content: Any, against shape: Shape, name: String, path: String) throws(RegistryError) {
        switch shape {
        case .value:
            guard isScalar(content) else { throw refusal("\(name) must be one value", path) }
        case .values:
            guard isScalar(content) || (content as? [Any])?.allSatisfy(isScalar) == true else {
                throw refusal("\(name) must be a list of values", path)
            }
        case .group(let members):
            guard let group = content as? [String: Any] else {
                throw refusal("\(name.isEmpty ? "it" : name) must be a mapping of settings", path)
            }
            for (key, value) in group {
                let name = name.isEmpty ? key : "\(name).\(key)"
                guard let member = members[key] else {
                    throw refusal("there is no setting \(name)", path)
                }
                try check(value, against: member, name: name, path: path)
            }
        }
    }

    private static func isScalar(_ content: Any) -> Bool {
        content is String || content is Int || content is Bool || content is Double
    }

    private static func refusal(_ why: String, _ path: String) -> RegistryError {
        RegistryError(
            .invalidRequest,
            "\(path) cannot be used: \(why)",
            subject: path,
            hint: "docs/configuration.md has every setting"
        )
    }
}
