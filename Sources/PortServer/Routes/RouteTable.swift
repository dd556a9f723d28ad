internal import HTTPTypes
internal import Hummingbird

/// Collects the routes of all faces, so that a wrong method on a known path is a 405 that names the right ones.
struct RouteTable {
    typealias Handler = @Sendable (Request, PortRequestContext) async throws -> Response

    private let router: Router<PortRequestContext>
    private var methods: [String: [HTTPRequest.Method]] = [:]

    init(router: Router<PortRequestContext>) { self.router = router }

    mutating func on(_ path: String, _ method: HTTPRequest.Method, _ handler: @escaping Handler) {
        router.on(RouterPath(path), method: method, use: handler)
        methods[path, default: []].append(method)
        if method == .get {
            router.on(RouterPath(path), method: .head) { try await handler($0, $1).withoutBody() }
            methods[path, default: []].append(.head)
        }
    }

    /// Answers the other methods. Called once, after the last route.
    func refuseOtherMethods() {
        for (path, allowed) in methods {
            let names = allowed.map(\.rawValue).sorted().joined(separator: ", ")
            for method in Self.knownMethods where !allowed.contains(method) {
                router.on(RouterPath(path), method: method) { _, _ -> Response in
                    throw APIError(
                        .methodNotAllowed,
                        "\(method.rawValue) is not allowed here",
                        code: "method_not_allowed",
                        hint: "use \(names)",
                        headers: [.allow: names]
                    )
                }
            }
        }
    }

    /// Every method that NIO's parser lets through, from its HTTPMethod.
    private static let knownMethods: [HTTPRequest.Method] = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "ACL", "COPY", "LOCK", "MOVE",
        "BIND", "LINK", "MKCOL", "MERGE", "PURGE", "NOTIFY", "SEARCH", "UNLOCK", "REBIND", "UNBIND", "REPORT",
        "UNLINK", "M-SEARCH", "PROPFIND", "CHECKOUT", "PROPPATCH", "SUBSCRIBE", "MKCALENDAR", "MKACTIVITY",
        "UNSUBSCRIBE", "SOURCE",
    ].compactMap { HTTPRequest.Method($0) }
}

extension Response {
    /// The answer to HEAD: the same headers and nothing else.
    func withoutBody() -> Response {
        Response(status: status, headers: headers)
    }
}
