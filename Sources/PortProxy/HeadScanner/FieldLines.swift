/// The field lines of a head or a trailer.
struct FieldLines {
    /// In their order.
    var all: [FieldLine]
    /// Behind the empty line that ends them.
    var end: Int

    /// Scans field lines from `start` to the empty line; `nil` when that has not arrived. Throws ``Malformed``.
    init?(_ bytes: UnsafeRawBufferPointer, from start: Int) throws(Malformed) {
        var lines: [FieldLine] = []
        lines.reserveCapacity(16)
        var position = start
        while true {
            guard position < bytes.count else { return nil }
            if bytes[position] == ByteClass.carriageReturn {
                guard position + 1 < bytes.count else { return nil }
                guard bytes[position + 1] == ByteClass.lineFeed else { throw .lineEnd }
                (all, end) = (lines, position + 2)
                return
            }
            guard let line = try Self.line(bytes, from: position, isFirst: lines.isEmpty) else { return nil }
            lines.append(line)
            position = line.whole.upperBound
        }
    }

    private static func line(
        _ bytes: UnsafeRawBufferPointer,
        from start: Int,
        isFirst: Bool
    ) throws(Malformed) -> FieldLine? {
        var position = start
        while position < bytes.count, ByteClass.token.contains(bytes[position]) { position += 1 }
        guard position < bytes.count else { return nil }
        guard bytes[position] == ByteClass.colon, position > start else {
            let isSpace = bytes[start] == ByteClass.space || bytes[start] == ByteClass.tab
            throw isSpace && !isFirst ? .folded : .fieldLine
        }
        let name = start..<position
        position += 1
        while position < bytes.count, bytes[position] == ByteClass.space || bytes[position] == ByteClass.tab {
            position += 1
        }
        let first = position
        while position < bytes.count, ByteClass.isFieldValue(bytes[position]) { position += 1 }
        guard position < bytes.count else { return nil }
        guard bytes[position] == ByteClass.carriageReturn else {
            throw bytes[position] == ByteClass.lineFeed ? .lineEnd : .fieldLine
        }
        guard position + 1 < bytes.count else { return nil }
        guard bytes[position + 1] == ByteClass.lineFeed else { throw .fieldLine }
        var last = position
        while last > first, bytes[last - 1] == ByteClass.space || bytes[last - 1] == ByteClass.tab { last -= 1 }
        let kind = FieldLine.Kind(bytes, name)
        if [.contentLength, .transferEncoding, .connection].contains(kind) {
            // Readers disagree about tabs here, and so about where a message ends.
            for place in name.upperBound..<position where bytes[place] == ByteClass.tab { throw .fieldLine }
        }
        return FieldLine(kind: kind, name: name, value: first..<last, whole: start..<position + 2)
    }
}
