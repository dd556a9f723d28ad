import Configuration
import PortErrors
import PortModel
import PortSystem
import Yams

/// The content of config.yaml. Refuses a setting with an unknown name or the wrong shape instead of ignoring it.
struct ConfigurationFile: Sendable {
    /// The settings by name, such as `pools.leases`; none when there is no file.
    private(set) var values: [AbsoluteConfigKey: ConfigValue] = [:]
    /// The number of the line on which each setting, and each group of settings, begins.
    private var lines: [String: Int] = [:]
    private let path: String

    /// The form that a setting may have in YAML.
    private enum Shape {
        case value
        /// A list of values, or one value.
        case values
        case group([String: Shape])

        /// The names of the settings with this shape.
        func names(_ name: String = "") -> [String] {
            guard case .group(let members) = self else { return [name] }
            return members.flatMap { $1.names(name.isEmpty ? $0 : "\(name).\($0)") }
        }
    }

    private static let settings = Shape.group([
        "port": .value, "listen": .values, "db": .value, "pidfile": .value, "exclude": .values,
        "log": .group(["level": .value]),
        "sweep": .group(["seconds": .value]),
        "legacy": .group(["ports": .value]),
        "pools": .group(Dictionary(uniqueKeysWithValues: Face.allCases.map { ($0.rawValue, Shape.values) })),
    ])

    /// The names of all settings, such as `pools.leases`.
    static let settingNames = settings.names()

    /// Reads the file at `path`, which may be missing. Throws `invalid_request`, with the name of the setting, for a
    /// setting or a file that cannot be used.
    init(path: String) throws(RegistryError) {
        self.path = path
        if let fault = PrivateFile.fault(at: path) {
            let hint =
                PrivateFile.isLink(path)
                ? "put a copy in its place, or set the environment variables of docs/configuration.md instead" : nil
            throw refusal("\(fault); it must be a regular file of yours", hint: hint)
        }
        let text = try RegistryError.mapping { () throws(SystemError) in try TextFile.content(of: path) }
        guard let text else { return }
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw refusal("it is not valid YAML: \(error)")
        }
        guard let root else { return }
        note(root, name: "")
        try read(root.any, as: Self.settings, name: "")
    }

    /// The file, and the line of the setting in it.
    func location(of setting: String) -> String {
        lines[setting].map { "line \($0) of \(path)" } ?? path
    }

    /// Notes the lines of `node` and of the nodes in it.
    private mutating func note(_ node: Node, name: String) {
        for (key, value) in node.mapping ?? [:] {
            guard let text = key.string else { continue }
            let name = name.isEmpty ? text : "\(name).\(text)"
            lines[name] = key.mark?.line
            note(value, name: name)
        }
    }

    private mutating func read(_ content: Any, as shape: Shape, name: String) throws(RegistryError) {
        let key = AbsoluteConfigKey(ConfigKey(name))
        switch shape {
        case .value:
            guard Self.isScalar(content) else { throw refusal("\(name) must be one value", in: name) }
            values[key] = ConfigValue(.string("\(content)"), isSecret: false)
        case .values:
            guard let elements = Self.isScalar(content) ? [content] : content as? [Any],
                elements.allSatisfy(Self.isScalar)
            else { throw refusal("\(name) must be a list of values", in: name) }
            values[key] = ConfigValue(.stringArray(elements.map { "\($0)" }), isSecret: false)
        case .group(let members):
            guard let group = content as? [String: Any] else {
                throw refusal("\(name.isEmpty ? "it" : name) must be a mapping of settings", in: name)
            }
            for (key, value) in group {
                let name = name.isEmpty ? key : "\(name).\(key)"
                guard let member = members[key] else {
                    throw refusal("there is no setting \(name)", in: name)
                }
                try read(value, as: member, name: name)
            }
        }
    }

    private static func isScalar(_ content: Any) -> Bool {
        content is String || content is Int || content is Bool || content is Double
    }

    private func refusal(_ reason: String, in setting: String = "", hint: String? = nil) -> RegistryError {
        RegistryError(
            .invalidRequest,
            "\(path) cannot be used: \(lines[setting].map { "line \($0): " } ?? "")\(reason)",
            subject: path,
            remedies: [.advice(hint ?? "docs/configuration.md lists every setting")]
        )
    }
}
