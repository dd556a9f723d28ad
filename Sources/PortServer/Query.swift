internal import Hummingbird
internal import HummingbirdCore
internal import PortAPI
internal import PortRegistry

/// A request's query, in which `+` is a space, as form encoders of several languages write it.
struct Query {
    private let values: FlatDictionary<Substring, Substring>

    init(_ request: Request) {
        values = URI("/?\((request.uri.query ?? "").replacing("+", with: "%20"))").queryParameters
    }

    subscript(_ name: String) -> String? { values[Substring(name)].map(String.init) }

    /// The folder `root`, when an app's name was detected there. Throws `invalid_request`.
    var project: ProjectFolder? {
        get throws {
            guard let root = self["root"], !root.isEmpty else { return nil }
            return try ProjectFolder(ProjectBody(root: root, folder: root))
        }
    }

    /// Where a name was spoken; `nil` when app or instance is left out.
    var scope: NameScope? {
        get throws {
            guard let app = self["app"], let instance = self["instance"], !app.isEmpty, !instance.isEmpty else {
                return nil
            }
            return NameScope(app: app, instance: instance, project: try project)
        }
    }
}

extension URI {
    /// A path's component without its percent-encoding.
    static func decoded(_ component: String) -> String? {
        // The query's decoder is Hummingbird's only public one.
        URI("/?x=\(component.replacing("&", with: "%26"))").queryParameters["x"].map(String.init)
    }
}
