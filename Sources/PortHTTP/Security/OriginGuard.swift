import HTTPTypes
import Hummingbird
import NIOCore

/// Refuses requests of web pages other than the daemon's own.
///
/// A request over TCP must name one of the daemon's addresses with its port as the host, which defeats DNS rebinding. A
/// request of a page of another origin carries that origin, and is refused.
struct OriginGuard: RouterMiddleware {
    typealias Context = PortRequestContext

    func handle(
        _ request: Request,
        context: PortRequestContext,
        next: @concurrent (Request, PortRequestContext) async throws -> Response
    ) async throws -> Response {
        let origins = request.headers[values: .origin]
        let hosts = [request.head.authority].compactMap { $0 } + request.headers[values: .host]
        let local = context.channel.localAddress.flatMap(LocalAddress.init)
        guard Self.allows(hosts: hosts, origins: origins, local: local) else {
            if let local, request.method == .get, Self.isPage(accept: request.headers[values: .accept]) {
                return Self.explanation(port: local.port)
            }
            throw APIError(
                .forbidden,
                "web pages and foreign host names are not served",
                code: "foreign_origin",
                hint: "use http://127.0.0.1 with the daemon's port, or the socket"
            )
        }
        return try await next(request, context)
    }

    /// Whether a browser requests a page, which a person will read.
    private static func isPage(accept: [String]) -> Bool { accept.contains { $0.lowercased().contains("text/html") } }

    /// The refusal for people. It repeats nothing of the request.
    private static func explanation(port: Int) -> Response {
        let text = """
            This is portctl, which serves pages only at its own address: http://127.0.0.1:\(port)/

            To see the dashboard of another machine, use the same port at both ends of the tunnel:

                ssh -L \(port):127.0.0.1:\(port) HOST

            and open http://127.0.0.1:\(port)/

            """
        var headers: HTTPFields = [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"]
        headers[.xContentTypeOptions] = "nosniff"
        headers[.contentLength] = String(text.utf8.count)
        return Response(status: .forbidden, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    /// The daemon's address of a TCP connection.
    struct LocalAddress {
        /// An IPv6 address is in brackets.
        var host: String
        var port: Int

        init(host: String, port: Int) {
            self.host = host
            self.port = port
        }

        /// `nil` for a Unix socket.
        init?(_ address: SocketAddress) {
            guard let port = address.port, let host = address.ipAddress else { return nil }
            self.init(host: address.protocol == .inet6 ? "[\(host)]" : host, port: port)
        }
    }

    /// Decides on the values of the request's headers. `local` is `nil` on the Unix socket, where hosts are not checked
    /// and every origin is refused, because no web page is loaded over it.
    static func allows(hosts: [String], origins: [String], local: LocalAddress?) -> Bool {
        guard let local else { return origins.isEmpty }
        let own = Set(["127.0.0.1", "localhost", "[::1]", local.host].map { "\($0):\(local.port)" })
        guard hosts.count == 1, own.contains(hosts[0].lowercased()) else { return false }
        switch origins.count {
        case 0: return true
        case 1: return own.contains { "http://\($0)" == origins[0].lowercased() }
        default: return false
        }
    }
}

extension HTTPField.Name {
    static let host = HTTPField.Name("Host")!
}
