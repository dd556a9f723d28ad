import Hummingbird
import PortAPI
import PortModel
import PortRegistry

/// The query of a request. `+` stands for a space, as the form encoders of several languages write it.
struct Query {
    private var values: [String: String] = [:]

    /// Uses the first value of a name that occurs more than once. Throws `invalid_request` for text that is not UTF-8.
    init(_ request: Request) throws(RegistryError) {
        for pair in (request.uri.query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                .map { PercentEncoding.decoded($0.replacing("+", with: " ")) }
            guard let name = parts[0], let value = parts.count == 2 ? parts[1] : "" else {
                throw RegistryError(.invalidRequest, "the query is not valid UTF-8", subject: String(pair))
            }
            if values[name] == nil { values[name] = value }
        }
    }

    subscript(_ name: String) -> String? { values[name] }

    /// The directory `root` that an app's name was detected in, if there is one. Throws `invalid_request`.
    var project: ProjectDirectory? {
        get throws {
            guard let root = self["root"], !root.isEmpty else { return nil }
            return try ProjectDirectory(ProjectDTO(root: root, directory: root, rootID: self["root_id"]))
        }
    }

    /// The app and instance that a name is relative to; `nil` unless the query has both. Throws `invalid_request`.
    var scope: NameScope? {
        get throws {
            guard let app = self["app"], let instance = self["instance"], !app.isEmpty, !instance.isEmpty else {
                return nil
            }
            return NameScope(app: app, instance: instance, project: try project, isExact: self["exact"] == "true")
        }
    }
}
