/// The placeholders for the port in a command's arguments: `$PORT`, `${PORT}` and `{port}`.
enum PortPlaceholder {
    /// Returns the argument with its placeholders replaced by the number. `$PORTAL` is another variable and is kept, as
    /// are bytes that are not UTF-8.
    static func filled(_ argument: [UInt8], with number: String) -> [UInt8] {
        var result: [UInt8] = []
        var rest = argument[...]
        while let next = rest.first {
            if let length = lengthOfPlaceholder(at: rest) {
                result += number.utf8
                rest = rest.dropFirst(length)
            } else {
                result.append(next)
                rest.removeFirst()
            }
        }
        return result
    }

    /// Whether the argument has a placeholder.
    static func isIn(_ argument: [UInt8]) -> Bool {
        argument.indices.contains { lengthOfPlaceholder(at: argument[$0...]) != nil }
    }

    /// The length in bytes of the placeholder that `text` starts with; `nil` when it starts with none.
    private static func lengthOfPlaceholder(at text: ArraySlice<UInt8>) -> Int? {
        for placeholder in ["${PORT}", "{port}"] where text.starts(with: placeholder.utf8) {
            return placeholder.utf8.count
        }
        let variable = "$PORT".utf8
        guard text.starts(with: variable) else { return nil }
        let next = text.dropFirst(variable.count).first.map { Character(Unicode.Scalar($0)) }
        let continuesName = next.map { $0 == "_" || ($0.isASCII && ($0.isLetter || $0.isNumber)) } ?? false
        return continuesName ? nil : variable.count
    }
}
