import PortSystem

/// The status with which a server answers a request: only its first lines are read.
package enum HTTPStatus {
    /// More than a status line and interim answers have, in bytes.
    private static let limit = 65536
    /// The longest time that an answer may take, in seconds.
    private static let longest = 5

    /// Sends `GET path` to the numeric address `host`, and returns the status of the answer; `nil` when there is none
    /// within five seconds or before the deadline, or it is not HTTP/1. Interim answers, such as 103, do not count.
    package static func get(
        _ path: String,
        from host: String,
        port: Int,
        before deadline: ContinuousClock.Instant
    ) -> Int? {
        guard let number = UInt16(exactly: port) else { return nil }
        let end = min(deadline, .now + .seconds(longest))
        do throws(SystemError) {
            let socket = try StreamSocket.connect(host: host, port: number, timeout: .seconds(longest))
            let name = host.contains(":") ? "[\(host)]" : host
            let head = HTTPExchange.head("GET", path, host: "\(name):\(port)", token: nil)
            try socket.send(Array((head + "\r\n").utf8))
            var bytes: [UInt8] = []
            while bytes.count < limit {
                let left = Int32(max(0, (end - .now) / .milliseconds(1)))
                guard socket.isReadable(within: left) else { return nil }
                let more = try socket.receive()
                guard !more.isEmpty else { return nil }
                bytes += more
                switch status(in: bytes) {
                case .incomplete: continue
                case .final(let status): return status
                case .none: return nil
                }
            }
            return nil
        } catch {
            return nil
        }
    }

    /// What the beginning of an answer shows.
    enum Answer: Hashable {
        /// Its status line has not arrived.
        case incomplete
        case final(Int)
    }

    /// Parses `HTTP/1.1 200 OK`, after interim answers; `nil` for what is not HTTP/1.
    static func status(in bytes: [UInt8]) -> Answer? {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()[...]
        while let line = lines.first {
            let words = String(decoding: line, as: UTF8.self).split(whereSeparator: \.isWhitespace)
            guard words.count >= 2, ["HTTP/1.0", "HTTP/1.1"].contains(words[0]), words[1].utf8.count == 3,
                let status = Int(words[1]), (100...599).contains(status)
            else { return nil }
            if status == 101 || status >= 200 { return .final(status) }
            // To the line behind the empty one that ends the interim answer.
            lines = lines.drop { !($0.isEmpty || $0.elementsEqual([UInt8(ascii: "\r")])) }.dropFirst()
        }
        return .incomplete
    }
}
