package import PortAPI
import PortErrors
import PortModel
import PortSystem

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A blocking client of the daemon's HTTP API. Each request has its own connection; there are no threads.
package struct PortClient: Sendable {
    /// Where the daemon listens.
    package let address: ServerAddress

    private let timeout: Duration
    private let policy: DaemonPolicy

    /// Creates a client. `timeout` applies to each send and receive; it catches a daemon that hangs, as a busy one
    /// responds within milliseconds. Only for a client that starts daemons one ends in favor of another in this network
    /// namespace.
    package init(address: ServerAddress, timeout: Duration = .seconds(10), policy: DaemonPolicy = .fail) {
        self.address = address
        self.timeout = timeout
        self.policy = policy
    }

    /// Sends a request, and again if that is safe and useful. Throws ``ClientError``.
    private func send<Answer: Decodable>(
        _ method: EndpointMethod,
        _ target: String,
        body: [UInt8]?
    ) throws(ClientError) -> Answer {
        let repetition = Repetition(policy: policy, address: address, launcher: DaemonLauncher.init)
        return try repetition.run(method) { () throws(ClientError) in try sendOnce(method, target, body: body) }
    }

    private func sendOnce<Answer: Decodable>(
        _ method: EndpointMethod,
        _ target: String,
        body: [UInt8]?
    ) throws(ClientError) -> Answer {
        let response: HTTPExchange.Response
        do {
            response = try exchange(method, target, body: body)
        } catch let error as ClientError {
            throw error
        } catch let error as SystemError {
            throw error.isTimeout ? .noAnswer(address) : .connectionLost(address, error)
        } catch is HTTPExchange.Closed {
            throw .closed(address)
        } catch {
            throw .notOurDaemon(address)
        }
        let decoder = JSONDecoder()
        let data = Data(response.body)
        if (200..<300).contains(response.status), let answer = try? decoder.decode(Answer.self, from: data) {
            return answer
        }
        if let refusal = try? decoder.decode(ErrorBody.self, from: data) {
            throw refusal.code == ErrorBody.givesWayCode ? .givesWay(address, refusal.error) : .refused(refusal)
        }
        // Errors of the HTTP layer, such as 431 for an over-long name in a path, have no body.
        guard response.status >= 400, response.body.isEmpty else { throw .notOurDaemon(address) }
        throw .refused(ErrorBody(error: "the request was refused: HTTP \(response.status)", code: "http_error"))
    }

    /// The headers that say where this process lives. ``RequestHeaders``
    private var headers: [(name: String, value: String)] {
        let namespace = ProcessNetwork.current.map { (RequestHeaders.networkNamespace, $0.description) }
        return [namespace, startsDaemon ? (RequestHeaders.autostart, "1") : nil].compactMap(\.self)
    }

    private var startsDaemon: Bool {
        if case .start = policy { address.isHome } else { false }
    }

    private func exchange(_ method: EndpointMethod, _ target: String, body: [UInt8]?) throws -> HTTPExchange.Response {
        try HTTPExchange.perform(
            method.rawValue,
            target,
            host: address.host,
            token: address.token,
            body: body,
            headers: headers,
            over: connect(timeout: timeout),
            of: home
        )
    }

    /// The home whose daemon is the server; `nil` for a TCP address.
    private var home: HomeDirectory? {
        if case .home(let home) = address { home } else { nil }
    }

    /// Opens the stream of the daemon's events: the ones from now on, or those after the event with the id `last`.
    /// Throws ``ClientError``.
    package func events(since last: String? = nil) throws(ClientError) -> EventStream {
        // Longer than the interval of the daemon's heartbeats, 15 seconds.
        let socket = try connect(timeout: .seconds(40))
        let stream = Endpoints.Events.stream
        var head = HTTPExchange.head(
            stream.method.rawValue,
            stream.path.filled(),
            host: address.host,
            token: address.token
        )
        if let last { head += "Last-Event-ID: \(last)\r\n" }
        do {
            try socket.send(Array((head + "\r\n").utf8))
        } catch {
            throw .connectionLost(address, error)
        }
        if let home { try AnswerWait(home: home).wait(for: socket) }
        return EventStream(socket: socket, address: address)
    }

    private func connect(timeout: Duration) throws(ClientError) -> StreamSocket {
        do {
            switch address {
            case .home(let home):
                try home.checkSocketPath()
                let socket = try StreamSocket.connect(path: home.socketPath, timeout: timeout)
                if let peer = socket.peer, peer.uid != CurrentProcess.userID, peer.uid != 0 {
                    throw ClientError.foreignDaemon(address, uid: peer.uid)
                }
                return socket
            case .tcp(let host, let port):
                return try StreamSocket.connect(host: host, port: port, timeout: timeout)
            }
        } catch let error as ClientError {
            throw error
        } catch let error as SystemError {
            if error.fault != nil { throw .local(RegistryError(error)) }
            if error.isDeniedBySandbox { throw .sandboxed(address, error, Sandboxed(address)) }
            if error.isPermissionDenied, let fault = homeFault { throw .local(fault) }
            if error.isTimeout { throw .noAnswer(address) }
            throw error.isNotListening ? .notRunning(address) : .connectionLost(address, error)
        } catch {
            throw .notOurDaemon(address)
        }
    }

    /// What is wrong with the home, such as that it belongs to another user; `nil` when nothing is.
    private var homeFault: RegistryError? {
        do throws(SystemError) {
            try home?.check()
            return nil
        } catch {
            return RegistryError(error)
        }
    }
}

extension PortClient: EndpointCaller {
    /// Sends a query. Throws ``ClientError``.
    package func call<Query: QueryParameters, Answer: Decodable>(
        _ endpoint: Endpoint<Query, Answer>,
        at parameters: [String],
        _ query: Query
    ) throws(ClientError) -> Answer {
        try send(endpoint.method, endpoint.path.filled(with: parameters, query: query.items), body: nil)
    }

    /// Sends a body as JSON. Throws ``ClientError``.
    package func call<Body: Encodable, Answer: Decodable>(
        _ endpoint: Endpoint<Body, Answer>,
        at parameters: [String],
        _ body: Body
    ) throws(ClientError) -> Answer {
        let bytes: [UInt8]
        // Fails only for values that JSON does not have, such as an infinite number; no body has any.
        do { bytes = try Array(JSONEncoder().encode(body)) } catch { throw .notOurDaemon(address) }
        return try send(endpoint.method, endpoint.path.filled(with: parameters), body: bytes)
    }
}
