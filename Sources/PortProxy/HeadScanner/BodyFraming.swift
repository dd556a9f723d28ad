/// How the end of a body is found: RFC 9112, section 6.
package enum BodyFraming: Hashable, Sendable {
    /// There is no body.
    case none
    /// So many bytes.
    case length(UInt64)
    case chunked
    /// To the end of the connection. Answers only.
    case untilEnd
}

extension BodyFraming {
    /// Finds the framing in a head's fields; `nil` when they name none. `isHTTP10`: a version that has no transfer
    /// encodings. Throws ``Malformed/framing`` for one that two readers could understand in two ways.
    init?(_ fields: [FieldLine], in bytes: UnsafeRawBufferPointer, isHTTP10: Bool) throws(Malformed) {
        var length: UInt64?
        var isChunked = false
        for field in fields {
            switch field.kind {
            case .contentLength:
                guard length == nil, let number = Self.number(bytes, field.value) else { throw .framing }
                length = number
            case .transferEncoding:
                guard !isChunked, !isHTTP10, bytes.equals("chunked", in: field.value) else { throw .framing }
                isChunked = true
            default: break
            }
        }
        if isChunked {
            guard length == nil else { throw .framing }
            self = .chunked
        } else if let length {
            self = .length(length)
        } else {
            return nil
        }
    }

    /// Parses digits: at most 18, which is less than the largest number.
    private static func number(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> UInt64? {
        guard (1...18).contains(range.count) else { return nil }
        var number: UInt64 = 0
        for position in range {
            let digit = bytes[position] &- 0x30
            guard digit < 10 else { return nil }
            number = number * 10 + UInt64(digit)
        }
        return number
    }
}
