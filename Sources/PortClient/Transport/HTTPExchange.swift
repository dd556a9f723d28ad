import PortModel
import PortSystem

/// One HTTP/1.1 request and its response over a connection that serves no other. This is all that the client needs, and
/// it keeps an HTTP library out of the command line.
struct HTTPExchange {
    struct Response {
        var status: Int
        var body: [UInt8]
    }

    /// The received bytes are not an HTTP response, or it exceeds a limit.
    struct Malformed: Error {}

    /// The server closed the connection before the response was complete; most likely it is stopping.
    struct Closed: Error {}

    /// In bytes. Larger than any response of the daemon: 65,535 allocations take about 20 MB.
    private static let maximumResponse = 64 << 20
    /// In bytes. The heads that the daemon sends have a few hundred.
    private static let maximumHead = 65536

    /// Sends a request and returns its response. `home` is the home of a daemon that may hang. Throws `SystemError`,
    /// ``Malformed``, ``Closed`` or ``ClientError/hangs``.
    static func perform(
        _ method: String,
        _ path: String,
        host: String,
        token: String?,
        body: [UInt8]?,
        headers: [(name: String, value: String)] = [],
        over socket: borrowing StreamSocket,
        of home: HomeDirectory? = nil
    ) throws -> Response {
        var head = head(method, path, host: host, token: token)
        for header in headers { head += "\(header.name): \(header.value)\r\n" }
        if let body { head += "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n" }
        do throws(SystemError) {
            try socket.send(Array((head + "\r\n").utf8) + (body ?? []))
        } catch {
            // The daemon may have refused the request before all of it was sent.
            guard error.isClosedByPeer, let refusal = try? read(from: socket) else { throw error }
            return refusal
        }
        if let home { try AnswerWait(home: home).wait(for: socket) }
        return try read(from: socket)
    }

    /// The request line and the headers, without the blank line that ends them.
    static func head(_ method: String, _ path: String, host: String, token: String?) -> String {
        "\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n"
            + (token.map { "Authorization: Bearer \($0)\r\n" } ?? "")
    }

    private static func read(from socket: borrowing StreamSocket) throws -> Response {
        var bytes: [UInt8] = []
        var head: Head?
        while true {
            if head == nil { head = try Head(in: bytes) }
            guard head?.isChunked != true else { throw Malformed() }
            if let head, let length = head.contentLength, bytes.count >= head.size + length {
                return Response(status: head.status, body: Array(bytes[head.size..<(head.size + length)]))
            }
            let more = try socket.receive()
            if more.isEmpty {
                guard zip(bytes, "HTTP/1.".utf8).allSatisfy({ $0 == $1 }) else { throw Malformed() }
                guard let head, head.contentLength == nil else { throw Closed() }
                return Response(status: head.status, body: Array(bytes[head.size...]))
            }
            bytes += more
            guard bytes.count <= maximumResponse else { throw Malformed() }
        }
    }

    /// The status line and the headers.
    struct Head: Equatable {
        var status: Int
        /// The body's length in bytes; `nil` when the body ends with the connection or is chunked.
        var contentLength: Int?
        /// Whether the body uses the chunked transfer coding.
        var isChunked = false
        /// The length of the head in bytes, with the blank line.
        var size: Int

        /// Parses a head; `nil` while the blank line that ends it has not been received. Throws ``Malformed``.
        init?(in bytes: [UInt8]) throws {
            let end: [UInt8] = [13, 10, 13, 10]
            guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: end) }) else {
                guard bytes.count <= HTTPExchange.maximumHead else { throw Malformed() }
                return nil
            }
            size = start + end.count
            let lines = String(decoding: bytes[..<start], as: UTF8.self).split(whereSeparator: \.isNewline)
            let words = lines.first?.split(separator: " ") ?? []
            guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
                throw Malformed()
            }
            self.status = status
            for line in lines.dropFirst() {
                let parts = line.split(separator: ":", maxSplits: 1)
                guard parts.count == 2 else { throw Malformed() }
                switch parts[0].lowercased() {
                case "content-length":
                    let value = parts[1].drop { $0 == " " }
                    guard let length = Int(value), (0...HTTPExchange.maximumResponse).contains(length) else {
                        throw Malformed()
                    }
                    contentLength = length
                case "transfer-encoding":
                    guard parts[1].trimmingSpaces().lowercased() == "chunked" else { throw Malformed() }
                    isChunked = true
                default: break
                }
            }
        }
    }
}
