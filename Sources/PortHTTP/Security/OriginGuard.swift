import HTTPTypes
import Hummingbird
import NIOCore

/// Keeps web pages out: a request over TCP must name one of our own addresses, exactly and with the port, so that a
/// name rebound to loopback gets nothing; and what a page of another origin sends carries that origin.
struct OriginGuard: RouterMiddleware {
    typealias Context = PortRequestContext

    func handle(
        _ request: Request,
        context: PortRequestContext,
        next: @concurrent (Request, PortRequestContext) async throws -> Response
    ) async throws -> Response {
        let origins = request.headers[values: .origin]
        let hosts = [request.head.authority].compactMap { $0 } + request.headers[values: .host]
        guard
            Self.allows(
                hosts: hosts,
                origins: origins,
                local: context.channel.localAddress.flatMap(LocalAddress.init)
            )
        else {
            throw APIError(
                .forbidden,
                "web pages and foreign host names are not served",
                code: "foreign_origin",
                hint: "use http://127.0.0.1 with the daemon's port, or the socket"
            )
        }
        return try await next(request, context)
    }

    /// Where a TCP connection arrived.
    struct LocalAddress {
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

    /// The decision, of values alone. `local` is `nil` on the Unix socket, where names mean nothing and no origin is
    /// ours.
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
