import HTTPTypes
import Hummingbird
import PortAPI
import PortRegistry

/// The routes of all faces. It knows every path, so that a wrong method on one is a 405 that names the allowed methods.
struct RouteTable: Sendable {
    typealias Handler = @Sendable (Request, PortRequestContext) async throws -> Response

    private struct Route: Sendable {
        var path: String
        var method: HTTPRequest.Method
        var handler: Handler
    }

    private var routes: [Route] = []

    /// The methods and paths, without HEAD.
    var endpoints: [String] { routes.filter { $0.method != .head }.map { "\($0.method) \($0.path)" } }

    /// Adds a handler for an endpoint, and for GET one for HEAD.
    ///
    /// With `runsOnEventLoop` the handler runs on the event loop of its connection. Only handlers that take constant
    /// time, however large the registry and the machine are, may do that: other connections wait for them. All others
    /// run on the global executor.
    mutating func on<Input, Output>(
        _ endpoint: Endpoint<Input, Output>,
        runsOnEventLoop: Bool = false,
        handler: @escaping Handler
    ) {
        let handler = runsOnEventLoop ? handler : Self.offEventLoop(handler)
        let (path, method) = (endpoint.path.template, HTTPRequest.Method(rawValue: endpoint.method.rawValue)!)
        routes.append(Route(path: path, method: method, handler: handler))
        if method == .get {
            routes.append(Route(path: path, method: .head) { try await handler($0, $1).withoutBody() })
        }
    }

    private static func offEventLoop(_ handler: @escaping Handler) -> Handler {
        { request, context in try await onGlobalExecutor { try await handler(request, context) } }
    }

    /// Registers every route with the router.
    func install(on router: Router<PortRequestContext>) {
        for route in routes { router.on(RouterPath(route.path), method: route.method, use: route.handler) }
    }

    /// Returns the sorted methods of a path; empty for an unknown path. Called only after the router has found no
    /// route: registering a refusal for each of NIO's 34 methods would take most of the daemon's start.
    func methods(at path: String) -> [String] {
        let parts = Self.parts(of: path)
        let matching = routes.filter { route in
            let pattern = Self.parts(of: route.path)
            return pattern.count == parts.count && zip(pattern, parts).allSatisfy { $0.hasPrefix(":") || $0 == $1 }
        }
        return Set(matching.map(\.method.rawValue)).sorted()
    }

    /// Returns the parameter that a path ending in a slash lacks, such as `name` for `/v1/services/`; `nil` for none.
    func missingParameter(at path: String) -> String? {
        let parts = Self.parts(of: path)
        guard path.hasSuffix("/"), parts.first == "v1" else { return nil }
        return routes.lazy.map { Self.parts(of: $0.path) }
            .first { $0.count == parts.count + 1 && $0.last!.hasPrefix(":") && $0.starts(with: parts) }
            .map { String($0.last!.dropFirst()) }
    }

    private static func parts(of path: String) -> [Substring] { path.split(separator: "/") }
}

extension Response {
    /// Returns the response to HEAD: the same status and headers, without the body.
    func withoutBody() -> Response {
        Response(status: status, headers: headers)
    }
}
