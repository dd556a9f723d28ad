import HTTPTypes
import Hummingbird
import PortAPI
import PortModel
import PortRegistry

/// Compares the network namespace of each client with the daemon's, and ends a daemon in whose namespace nobody else
/// lives for a client that starts one in its own.
///
/// A client names its namespace in a header: where the client runs in another pid namespace, the kernel shows the
/// daemon no process that could be looked up. Without the header, the process counts that ``PeerIdentification`` found.
struct NetworkGuard: RouterMiddleware {
    typealias Context = PortRequestContext

    /// The daemon's own namespace; `nil` when it is not known.
    let network: NetworkNamespace?
    let succession: (any Succession)?

    func handle(
        _ request: Request,
        context: PortRequestContext,
        next: @concurrent (Request, PortRequestContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if let network, let text = request.headers[.networkNamespace], let named = NetworkNamespace(text) {
            context.callerNetwork = CallerNetwork(named, registry: network)
        }
        let canStart = request.headers[.autostart] != nil
        if let succession, await succession.isDue(for: context.callerNetwork, startingItsOwn: canStart) {
            // Not before the client has the answer.
            context.channel.closeFuture.whenComplete { _ in succession.end() }
            throw APIError(
                .serviceUnavailable,
                "port-server ends, because nobody else lives in its network namespace"
                    + (network.map { " (\($0))" } ?? ""),
                code: ErrorBody.givesWayCode,
                hint: "repeat the command: it starts port-server in your network namespace",
                headers: [.connection: "close"]
            )
        }
        return try await next(request, context)
    }
}

extension HTTPField.Name {
    fileprivate static let networkNamespace = HTTPField.Name(RequestHeaders.networkNamespace)!
    fileprivate static let autostart = HTTPField.Name(RequestHeaders.autostart)!
}
