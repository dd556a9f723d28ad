import ArgumentParser
import PortAPI
import PortModel

/// A `KEY=VALUE` argument.
struct MetadataArgument: Sendable {
    let key: String
    let value: String

    /// Parses the argument. Throws `ValidationError` without a key or an equals sign.
    @Sendable init(_ text: String) throws {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else {
            throw ValidationError("metadata must be KEY=VALUE, not \"\(text)\"")
        }
        key = String(parts[0])
        value = String(parts[1])
    }
}

extension [MetadataArgument] {
    /// The pairs as a dictionary; `nil` without any. The last value of a repeated key wins.
    var dictionary: [String: String]? {
        isEmpty ? nil : Dictionary(map { ($0.key, $0.value) }) { _, last in last }
    }
}
