import Hummingbird
import PortAPI
import PortModel
import PortRegistry

/// A request's query, in which `+` is a space, as form encoders of several languages write it.
struct Query {
    private var values: [String: String] = [:]

    /// Throws `invalid_request` for what is no UTF-8 text. A name given twice has its first value.
    init(_ request: Request) throws(RegistryError) {
        for pair in (request.uri.query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                .map { PercentEncoding.decoded($0.replacing("+", with: " ")) }
            guard let name = parts[0], let value = parts.count == 2 ? parts[1] : "" else {
                throw RegistryError(.invalidRequest, "the query is no UTF-8 text", subject: String(pair))
            }
            if values[name] == nil { values[name] = value }
        }
    }

    subscript(_ name: String) -> String? { values[name] }

    /// The directory `root`, when an app's name was detected there. Throws `invalid_request`.
    var project: ProjectDirectory? {
        get throws {
            guard let root = self["root"], !root.isEmpty else { return nil }
            return try ProjectDirectory(ProjectDTO(root: root, directory: root))
        }
    }

    /// Where a name was spoken; `nil` when app or instance is left out.
    var scope: NameScope? {
        get throws {
            guard let app = self["app"], let instance = self["instance"], !app.isEmpty, !instance.isEmpty else {
                return nil
            }
            return NameScope(app: app, instance: instance, project: try project, isExact: self["exact"] == "true")
        }
    }
}
