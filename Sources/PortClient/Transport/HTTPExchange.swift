import PortModel
import PortSystem

/// One HTTP/1.1 request and its response over a connection of its own: all that the daemon's client needs.
struct HTTPExchange {
    struct Response {
        var status: Int
        var body: [UInt8]
    }

    /// What came back is no HTTP response.
    struct Malformed: Error {}

    /// The server closed the connection before the response was whole: it ends just now, most likely.
    struct Closed: Error {}

    /// Larger than any answer of the daemon: 65,535 allocations take about 20 MB.
    private static let maximumResponse = 64 << 20
    /// The daemon's own are a few hundred bytes.
    private static let maximumHead = 65536

    static func perform(
        _ method: String,
        _ path: String,
        host: String,
        token: String?,
        body: [UInt8]?,
        over socket: borrowing StreamSocket
    ) throws -> Response {
        var head = head(method, path, host: host, token: token)
        if let body { head += "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n" }
        do throws(SystemError) {
            try socket.send(Array((head + "\r\n").utf8) + (body ?? []))
        } catch {
            // A refusal may have come before all was sent.
            guard error.isClosedByPeer, let refusal = try? read(from: socket) else { throw error }
            return refusal
        }
        return try read(from: socket)
    }

    /// A request's first lines, without the blank one behind them.
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
        /// `nil`: the body ends with the connection.
        var contentLength: Int?
        /// Whether the body comes in pieces that tell their lengths.
        var isChunked = false
        /// Bytes up to the body.
        var size: Int

        /// `nil` while the blank line that ends it has not come.
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
