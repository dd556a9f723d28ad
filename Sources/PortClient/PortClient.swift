import PortAPI
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
    private let startsDaemon: Bool

    /// Creates a client. `timeout` applies to each send and receive; it catches a daemon that hangs, as a busy one
    /// responds within milliseconds. `startsDaemon`: whether the caller starts a daemon when a request fails for lack
    /// of one; only then a daemon ends in favor of one in this network namespace.
    package init(address: ServerAddress, timeout: Duration = .seconds(10), startsDaemon: Bool = false) {
        self.address = address
        self.timeout = timeout
        self.startsDaemon = startsDaemon
    }

    /// Sends `body` as JSON and decodes the response. Throws ``ClientError``.
    package func send<Answer: Decodable>(
        _ method: String,
        _ path: String,
        body: (some Encodable)? = Optional<Bool>.none,
        as _: Answer.Type
    ) throws(ClientError) -> Answer {
        let response: HTTPExchange.Response
        do {
            let bytes = try body.map { try Array(JSONEncoder().encode($0)) }
            response = try exchange(method, path, body: bytes)
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

    /// Sends a GET request without starting a daemon. Waits up to about five seconds for one that is starting or
    /// stopping. Throws ``ClientError``.
    package func get<Answer: Decodable>(_ path: String, as type: Answer.Type) throws(ClientError) -> Answer {
        do {
            return try send("GET", path, as: type)
        } catch {
            guard let home = error.homeForRetry("GET") else { throw error }
            guard try DaemonLauncher(home: home).isRunning() else { throw .notRunning(address) }
            return try send("GET", path, as: type)
        }
    }

    /// The headers that say where this process lives. ``RequestHeaders``
    private var headers: [(name: String, value: String)] {
        let namespace = ProcessNetwork.current.map { (RequestHeaders.networkNamespace, $0.description) }
        return [namespace, startsDaemon ? (RequestHeaders.autostart, "1") : nil].compactMap(\.self)
    }

    private func exchange(_ method: String, _ path: String, body: [UInt8]?) throws -> HTTPExchange.Response {
        try HTTPExchange.perform(
            method,
            path,
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
        var head = HTTPExchange.head("GET", Paths.events, host: address.host, token: address.token)
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
