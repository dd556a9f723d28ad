/// The head of an answer: where its parts are in the buffer that it was scanned in.
package struct ResponseHead: Hashable, Sendable {
    package var status: Int
    package var isHTTP10: Bool
    /// The first line, with its end.
    package var startLine: Range<Int>
    package var fields: [FieldLine]
    /// How the end of the body is found. None for an interim answer, and after HEAD.
    package var framing: BodyFraming
    /// The first byte behind the head.
    package var end: Int
    /// Whether the server will answer further requests on the connection.
    package var keepsAlive: Bool

    /// Whether another answer to the same request follows: 100, 103 and others, but not 101.
    package var isInterim: Bool { status < 200 && status != 101 }

    /// Scans the head that begins at `start`; `nil` when it has not arrived. `isToHead`: the request's method was HEAD.
    /// Throws ``Malformed``.
    package init?(_ bytes: UnsafeRawBufferPointer, from start: Int = 0, isToHead: Bool) throws(Malformed) {
        guard bytes.count - start >= 13 else {
            // What is certain already: an answer that is not HTTP, such as that of a database.
            let known = bytes[start..<min(bytes.count, start + 7)]
            if zip(known, "HTTP/1.".utf8).contains(where: { $0 != $1 }) { throw .startLine }
            return nil
        }
        let version = start..<start + 8
        let isHTTP11 = bytes.isExactly("HTTP/1.1", in: version)
        guard isHTTP11 || bytes.isExactly("HTTP/1.0", in: version), bytes[start + 8] == ByteClass.space else {
            throw .startLine
        }
        isHTTP10 = !isHTTP11
        var status = 0
        for position in start + 9..<start + 12 {
            let digit = bytes[position] &- 0x30
            guard digit < 10 else { throw .startLine }
            status = status * 10 + Int(digit)
        }
        guard (100...599).contains(status) else { throw .startLine }
        self.status = status
        // A reason, or none, as some servers send it.
        var position = start + 12
        guard bytes[position] == ByteClass.space || bytes[position] == ByteClass.carriageReturn else {
            throw .startLine
        }
        while position < bytes.count, ByteClass.isFieldValue(bytes[position]) { position += 1 }
        guard position + 1 < bytes.count else {
            if bytes.count - start > RequestHead.maximum { throw .tooLong }
            return nil
        }
        guard bytes[position] == ByteClass.carriageReturn, bytes[position + 1] == ByteClass.lineFeed else {
            throw .lineEnd
        }
        startLine = start..<position + 2
        guard let lines = try FieldLines(bytes, from: position + 2) else {
            if bytes.count - start > RequestHead.maximum { throw .tooLong }
            return nil
        }
        (fields, end) = (lines.all, lines.end)
        guard end - start <= RequestHead.maximum else { throw .tooLong }
        let named = try BodyFraming(fields, in: bytes, isHTTP10: isHTTP10)
        let hasBody = status >= 200 && status != 204 && status != 304 && !isToHead
        framing = hasBody ? named ?? .untilEnd : .none
        let connection = ConnectionOptions(fields, in: bytes)
        keepsAlive = framing != .untilEnd && (isHTTP10 ? connection.keepsAlive : !connection.closes)
    }
}
