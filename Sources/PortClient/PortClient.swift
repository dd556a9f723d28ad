import PortAPI
import PortModel
import PortSystem

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The thin, blocking client: one request, one connection, no threads.
package struct PortClient: Sendable {
    package let address: ServerAddress

    private let timeout: Duration

    /// `timeout`: a busy daemon answers in milliseconds; this is for one that hangs.
    package init(address: ServerAddress, timeout: Duration = .seconds(10)) {
        self.address = address
        self.timeout = timeout
    }

    /// Sends `body` as JSON and decodes the answer. Throws ``ClientError``.
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
        if let refusal = try? decoder.decode(ErrorBody.self, from: data) { throw .refused(refusal) }
        // HTTP's own refusals, such as 431 for an over-long name in a path, have no body.
        guard response.status >= 400, response.body.isEmpty else { throw .notOurDaemon(address) }
        throw .refused(ErrorBody(error: "the request was refused: HTTP \(response.status)", code: "http_error"))
    }

    /// Asks the daemon without starting one. One that is starting or ending just now is waited for, some five seconds
    /// at most. Throws ``ClientError``.
    package func get<Answer: Decodable>(_ path: String, as type: Answer.Type) throws(ClientError) -> Answer {
        do {
            return try send("GET", path, as: type)
        } catch {
            guard let home = error.homeForRetry("GET") else { throw error }
            guard try DaemonLauncher(home: home).isRunning() else { throw .notRunning(address) }
            return try send("GET", path, as: type)
        }
    }

    private func exchange(_ method: String, _ path: String, body: [UInt8]?) throws -> HTTPExchange.Response {
        try HTTPExchange.perform(
            method,
            path,
            host: address.host,
            token: address.token,
            body: body,
            over: connect(timeout: timeout)
        )
    }

    /// Opens the daemon's events from now on, or from the one that was read last. Throws ``ClientError``.
    package func events(since last: String? = nil) throws(ClientError) -> EventStream {
        // Longer than the daemon's heartbeats are apart.
        let socket = try connect(timeout: .seconds(40))
        var head = HTTPExchange.head("GET", Paths.events, host: address.host, token: address.token)
        if let last { head += "Last-Event-ID: \(last)\r\n" }
        do {
            try socket.send(Array((head + "\r\n").utf8))
        } catch {
            throw .connectionLost(address, error)
        }
        return EventStream(socket: socket, address: address)
    }

    private func connect(timeout: Duration) throws(ClientError) -> StreamSocket {
        do {
            switch address {
            case .home(let home):
                try home.checkSocketPath()
                let socket = try StreamSocket.connect(path: home.socketPath, timeout: timeout)
                if let peer = socket.peer, peer.uid != PeerCredentials.currentUserID, peer.uid != 0 {
                    throw ClientError.foreignDaemon(address, uid: peer.uid)
                }
                return socket
            case .tcp(let host, let port):
                return try StreamSocket.connect(host: host, port: port, timeout: timeout)
            }
        } catch let error as ClientError {
            throw error
        } catch let error as RegistryError {
            throw .local(error)
        } catch let error as SystemError {
            throw error.isNobodyListening ? .notRunning(address) : .connectionLost(address, error)
        } catch {
            throw .notOurDaemon(address)
        }
    }
}
