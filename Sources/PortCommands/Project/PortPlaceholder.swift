/// The texts in a command's arguments that stand for its port: `$PORT`, `${PORT}` and `{port}`.
enum PortPlaceholder {
    /// The argument with the number in their place. `$PORTAL` is another variable and stays.
    static func filled(_ argument: String, with number: String) -> String {
        var result = ""
        var rest = argument[...]
        while let next = rest.first {
            if let length = lengthOfPlaceholder(at: rest) {
                result += number
                rest = rest.dropFirst(length)
            } else {
                result.append(next)
                rest.removeFirst()
            }
        }
        return result
    }

    private static func lengthOfPlaceholder(at text: Substring) -> Int? {
        for placeholder in ["${PORT}", "{port}"] where text.hasPrefix(placeholder) { return placeholder.count }
        guard text.hasPrefix("$PORT") else { return nil }
        let next = text.dropFirst("$PORT".count).first
        let continuesName = next.map { $0 == "_" || ($0.isASCII && ($0.isLetter || $0.isNumber)) } ?? false
        return continuesName ? nil : "$PORT".count
    }
}
