internal import PortAPI
internal import PortModel
internal import PortSystem

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// The thin, blocking client: one request, one connection, no threads.
package struct PortClient: Sendable {
    package let address: ServerAddress

    /// A busy daemon answers in milliseconds; this is for one that hangs.
    private static let timeout = Duration.seconds(10)

    package init(address: ServerAddress) { self.address = address }

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

    private func exchange(_ method: String, _ path: String, body: [UInt8]?) throws -> HTTPExchange.Response {
        let socket = try connect()
        return switch address {
        case .home:
            try HTTPExchange.perform(method, path, host: "localhost", token: nil, body: body, over: socket)
        case .tcp(let host, let port):
            try HTTPExchange.perform(
                method,
                path,
                host: ServerAddress.authority(host: host, port: port),
                // Never read from the home: what answers at a TCP address may be anybody.
                token: HomeFolder.environment("PORT_SERVER_TOKEN"),
                body: body,
                over: socket
            )
        }
    }

    private func connect() throws(ClientError) -> StreamSocket {
        do {
            switch address {
            case .home(let home):
                try home.checkSocketPath()
                let socket = try StreamSocket.connect(path: home.socketPath, timeout: Self.timeout)
                if let peer = socket.peer, peer.uid != PeerOwner.currentUserID, peer.uid != 0 {
                    throw ClientError.foreignDaemon(address, uid: peer.uid)
                }
                return socket
            case .tcp(let host, let port):
                return try StreamSocket.connect(host: host, port: port, timeout: Self.timeout)
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
