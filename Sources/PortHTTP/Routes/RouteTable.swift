import HTTPTypes
import Hummingbird

/// Collects the routes of all faces, so that a wrong method on a known path is a 405 that names the right ones.
struct RouteTable: Sendable {
    typealias Handler = @Sendable (Request, PortRequestContext) async throws -> Response

    private struct Route: Sendable {
        var path: String
        var method: HTTPRequest.Method
        var handler: Handler
    }

    private var routes: [Route] = []

    /// `isBrief`: however large the registry and the machine are, the handler computes for microseconds, and may do so
    /// on the event loop of its connection. The others are moved to the pool of threads, where no connection waits for
    /// them.
    mutating func on(
        _ path: String,
        _ method: HTTPRequest.Method,
        isBrief: Bool = false,
        _ handler: @escaping Handler
    ) {
        let placed = isBrief ? handler : Self.inPool(handler)
        routes.append(Route(path: path, method: method, handler: placed))
        if method == .get {
            routes.append(Route(path: path, method: .head) { try await placed($0, $1).withoutBody() })
        }
    }

    private static func inPool(_ handler: @escaping Handler) -> Handler {
        { request, context in
            try await withTaskExecutorPreference(globalConcurrentExecutor) {
                // A preference says where to continue after the next pause.
                await Task.yield()
                return try await handler(request, context)
            }
        }
    }

    func install(on router: Router<PortRequestContext>) {
        for route in routes { router.on(RouterPath(route.path), method: route.method, use: route.handler) }
    }

    /// The methods that the path knows, by name; empty for a path that nothing is at. Asked for after the router found
    /// nothing: registering a refusal for each of NIO's 34 methods would take most of the daemon's start.
    func methods(at path: String) -> [String] {
        let parts = Self.parts(of: path)
        let fitting = routes.filter { route in
            let pattern = Self.parts(of: route.path)
            return pattern.count == parts.count && zip(pattern, parts).allSatisfy { $0.hasPrefix(":") || $0 == $1 }
        }
        return Set(fitting.map(\.method.rawValue)).sorted()
    }

    private static func parts(of path: String) -> [Substring] { path.split(separator: "/") }
}

extension Response {
    /// The answer to HEAD: the same headers and nothing else.
    func withoutBody() -> Response {
        Response(status: status, headers: headers)
    }
}
