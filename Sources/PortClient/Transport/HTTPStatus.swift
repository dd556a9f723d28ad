import PortSystem

/// The status with which a server answers a request: only its first line is read.
package enum HTTPStatus {
    /// More than a status line has, in bytes.
    private static let limit = 4096

    /// Sends `GET path` to the numeric address `host`, and returns the status of the answer; `nil` when there is none
    /// within five seconds, or it is not HTTP.
    package static func get(_ path: String, from host: String, port: Int) -> Int? {
        guard let number = UInt16(exactly: port) else { return nil }
        do throws(SystemError) {
            let socket = try StreamSocket.connect(host: host, port: number, timeout: .seconds(5))
            let name = host.contains(":") ? "[\(host)]" : host
            let head = HTTPExchange.head("GET", path, host: "\(name):\(port)", token: nil)
            try socket.send(Array((head + "\r\n").utf8))
            var bytes: [UInt8] = []
            while !bytes.contains(UInt8(ascii: "\n")), bytes.count < limit {
                let more = try socket.receive()
                guard !more.isEmpty else { return nil }
                bytes += more
            }
            return status(in: bytes)
        } catch {
            return nil
        }
    }

    /// Parses `HTTP/1.1 200 OK`.
    static func status(in bytes: [UInt8]) -> Int? {
        let line = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        let words = line.split(whereSeparator: \.isWhitespace)
        guard words.count >= 2, words[0].hasPrefix("HTTP/"), let status = Int(words[1]), (100...599).contains(status)
        else { return nil }
        return status
    }
}
