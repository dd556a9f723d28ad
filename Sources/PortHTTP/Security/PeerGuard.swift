import HTTPTypes
import Hummingbird
import PortModel

/// Accepts requests of the daemon's user and root only. A client whose user the kernel does not know needs the token.
struct PeerGuard: RouterMiddleware {
    typealias Context = PortRequestContext

    let peers: any PeerIdentification
    /// The user the daemon runs as.
    let userID: UInt32
    let token: String

    func handle(
        _ request: Request,
        context: PortRequestContext,
        next: @concurrent (Request, PortRequestContext) async throws -> Response
    ) async throws -> Response {
        let peer = await peers.peer(of: context.channel)
        switch Self.verdict(
            on: peer.userID,
            serving: userID,
            authorization: request.headers[.authorization],
            token: token
        ) {
        case .allowed: break
        case .anotherUser(let other):
            throw APIError(
                .forbidden,
                "this daemon serves user id \(userID), you are \(other)",
                code: "another_user",
                remedies: [.startDaemon]
            )
        case .unknownUser:
            throw APIError(
                .forbidden,
                "the kernel does not report the client's user",
                code: "unknown_user",
                hint: "send Authorization: Bearer with the text of the file \"token\" in the daemon's directory"
            )
        }
        var context = context
        context.callerName = peer.name
        context.callerPID = peer.pid
        context.peers = peers
        context.callerNetwork = peer.network
        return try await next(request, context)
    }

    enum Verdict: Equatable {
        case allowed
        case anotherUser(UInt32)
        case unknownUser
    }

    /// Decides for a client that runs as `userID`. The token counts only when the kernel does not know the user.
    static func verdict(on userID: UInt32?, serving own: UInt32, authorization: String?, token: String) -> Verdict {
        switch userID {
        case own, 0: .allowed
        case .some(let other): .anotherUser(other)
        case nil: authorization.map { isToken(token, in: $0) } == true ? .allowed : .unknownUser
        }
    }

    /// Compares in constant time, so that the duration does not reveal where the two differ.
    private static func isToken(_ token: String, in header: String) -> Bool {
        let actual = Array(header.utf8)
        let expected = Array("Bearer \(token)".utf8)
        guard actual.count == expected.count else { return false }
        return zip(actual, expected).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
