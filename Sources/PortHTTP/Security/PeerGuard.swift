import HTTPTypes
import Hummingbird
package import NIOCore

/// Who is at the other end of a connection. The machine's side of it is composed by the daemon.
package protocol PeerIdentification: Sendable {
    /// What the kernel knows of the client now.
    func peer(of channel: any Channel) async -> Peer
}

/// The client of one connection.
package struct Peer: Hashable, Sendable {
    /// `nil` when the kernel does not know (any more).
    package var userID: UInt32?
    /// For the journal, such as `pid 4242`.
    package var name: String
    /// The process; 0 for one that cannot be seen, `nil` when it is not known.
    package var pid: Int32?

    package init(userID: UInt32?, name: String, pid: Int32? = nil) {
        self.userID = userID
        self.name = name
        self.pid = pid
    }
}

/// Lets this user and root pass. A user that cannot be known needs the token.
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
                hint: "start a daemon of your own: portctl start"
            )
        case .unknownUser:
            throw APIError(
                .forbidden,
                "the kernel does not say which user asks",
                code: "unknown_user",
                hint: "send Authorization: Bearer with the text of the file \"token\" in the daemon's directory"
            )
        }
        var context = context
        context.callerName = peer.name
        context.callerPID = peer.pid
        return try await next(request, context)
    }

    enum Verdict: Equatable {
        case allowed
        case anotherUser(UInt32)
        case unknownUser
    }

    /// The decision, of values alone. The token helps only where the kernel does not know.
    static func verdict(on userID: UInt32?, serving own: UInt32, authorization: String?, token: String) -> Verdict {
        switch userID {
        case own, 0: .allowed
        case .some(let other): .anotherUser(other)
        case nil: authorization.map { isToken(token, in: $0) } == true ? .allowed : .unknownUser
        }
    }

    /// Compares every byte, so that the time tells nothing about where they differ.
    private static func isToken(_ token: String, in header: String) -> Bool {
        let given = Array(header.utf8)
        let expected = Array("Bearer \(token)".utf8)
        guard given.count == expected.count else { return false }
        return zip(given, expected).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
