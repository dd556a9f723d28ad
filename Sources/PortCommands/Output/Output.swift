import PortSystem

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Prints results to standard output, and everything else to standard error.
enum Output {
    /// Prints a result as JSON or as text. Throws ``Failure`` when it cannot be written.
    static func result(_ value: some Encodable, asJSON: Bool, text: @autoclosure () -> String) throws {
        guard asJSON else { return try result(text()) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try result(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// Returns the value as JSON in one line.
    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// Prints a result. Throws ``Failure`` when it cannot be written, since scripts rely on it.
    static func result(_ text: String) throws {
        do {
            try StandardStreams.write(line(text), to: 1)
        } catch {
            throw Failure("the output cannot be written: \(error.reason)")
        }
    }

    /// Prints a message beside the result. Errors are ignored: there is no other place to report them.
    static func note(_ text: String) { try? StandardStreams.write(line(text), to: 2) }

    /// Prints the message and the hint of a failure.
    static func complain(_ failure: Failure) {
        note("\(Program.current.rawValue): \(failure.message)")
        if let hint = failure.hint { note("  \(hint)") }
    }

    private static func line(_ text: String) -> String { text.hasSuffix("\n") ? text : text + "\n" }
}
