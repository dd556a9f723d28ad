import ArgumentParser
import PortAPI
import PortModel

/// `KEY=VALUE` on the command line.
struct MetadataArgument: Sendable {
    let key: String
    let value: String

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
    /// `nil` for none; the last of several with one key counts.
    var dictionary: [String: String]? {
        isEmpty ? nil : Dictionary(map { ($0.key, $0.value) }) { _, last in last }
    }
}
