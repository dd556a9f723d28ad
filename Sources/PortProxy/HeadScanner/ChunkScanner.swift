/// Finds the end of a chunked body, in pieces as they arrive: RFC 9112, section 7.1. The bytes themselves are passed on
/// as they are.
package struct ChunkScanner: Sendable {
    private enum State: Hashable {
        /// In the first line of a chunk, of which so many bytes have been kept.
        case size
        /// So many bytes of data are left.
        case data(UInt64)
        /// The line's end behind the data.
        case dataEnd
        /// The trailer behind the last chunk.
        case trailer
        case ended
    }

    private var state = State.size
    /// What has arrived of a line or a trailer that is not complete.
    private var rest: [UInt8] = []

    /// The longest first line of a chunk, in bytes.
    private static let maximumLine = 4096

    /// Whether the body is complete.
    package var hasEnded: Bool { state == .ended }

    package init() {}

    /// Scans further bytes of the connection. Returns how many of them belong to the body. Throws ``Malformed``.
    package mutating func scan(_ bytes: UnsafeRawBufferPointer) throws(Malformed) -> Int {
        var position = 0
        while position < bytes.count, state != .ended {
            switch state {
            case .data(let left):
                let count = Int(min(left, UInt64(bytes.count - position)))
                position += count
                state = left == UInt64(count) ? .dataEnd : .data(left - UInt64(count))
            case .dataEnd:
                let expected = rest.isEmpty ? ByteClass.carriageReturn : ByteClass.lineFeed
                guard bytes[position] == expected else { throw .chunk }
                rest = rest.isEmpty ? [expected] : []
                if rest.isEmpty { state = .size }
                position += 1
            case .size:
                rest.append(bytes[position])
                position += 1
                guard rest.last == ByteClass.lineFeed else {
                    if rest.count > Self.maximumLine { throw .tooLong }
                    continue
                }
                let size = try Self.size(rest)
                rest = []
                state = size == 0 ? .trailer : .data(size)
            case .trailer:
                rest.append(bytes[position])
                position += 1
                guard rest.last == ByteClass.lineFeed else {
                    if rest.count > RequestHead.maximum { throw .tooLong }
                    continue
                }
                if try Self.isComplete(trailer: rest) { (rest, state) = ([], .ended) }
            case .ended: break
            }
        }
        return position
    }

    /// Parses the first line of a chunk, with its end.
    private static func size(_ line: [UInt8]) throws(Malformed) -> UInt64 {
        guard line.count >= 3, line[line.count - 2] == ByteClass.carriageReturn else { throw .chunk }
        let text = line.dropLast(2)
        let digits = text.prefix { $0 != UInt8(ascii: ";") }
        guard (1...15).contains(digits.count) else { throw .chunk }
        var size: UInt64 = 0
        for byte in digits {
            let lower = ByteClass.lowercased(byte)
            let digit = lower &- 0x30 < 10 ? lower - 0x30 : lower &- 0x61 < 6 ? lower - 0x61 + 10 : 16
            guard digit < 16 else { throw .chunk }
            size = size << 4 | UInt64(digit)
        }
        guard areExtensions(text.dropFirst(digits.count)) else { throw .chunk }
        return size
    }

    /// Whether the text is extensions, each `;name` or `;name=value`: tokens, and no quoted values, which nobody sends.
    private static func areExtensions(_ text: ArraySlice<UInt8>) -> Bool {
        text.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).dropFirst().allSatisfy { part in
            let words = part.split(separator: UInt8(ascii: "="), omittingEmptySubsequences: false)
            return words.count <= 2 && words.allSatisfy { !$0.isEmpty && $0.allSatisfy(ByteClass.token.contains) }
        }
    }

    /// Whether the trailer ends here. One that says anything about the message itself is refused: RFC 9110, section
    /// 6.5.1.
    private static func isComplete(trailer bytes: [UInt8]) throws(Malformed) -> Bool {
        let scanned = bytes.withUnsafeBytes { buffer in
            Result { () throws(Malformed) in try FieldLines(buffer, from: 0) }
        }
        guard let lines = try scanned.get() else { return false }
        let forbidden: Set<FieldLine.Kind> = [
            .contentLength, .transferEncoding, .host, .connection, .upgrade, .trailer,
        ]
        guard !lines.all.contains(where: { forbidden.contains($0.kind) }) else { throw .chunk }
        return true
    }
}
