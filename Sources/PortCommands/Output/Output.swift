import PortSystem

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Results go to standard output, everything else to standard error.
enum Output {
    /// Prints a result: as JSON when asked for, else as text.
    static func result(_ value: some Encodable, asJSON: Bool, text: @autoclosure () -> String) throws {
        guard asJSON else { return try result(text()) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try result(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// Prints a result. One that cannot be written is a failure: the caller counts on it.
    static func result(_ text: String) throws {
        do {
            try StandardStreams.write(line(text), to: 1)
        } catch {
            throw Failure("the output cannot be written: \(error.reason)")
        }
    }

    /// A message beside the result; where even that cannot be written, nobody can be told.
    static func note(_ text: String) { try? StandardStreams.write(line(text), to: 2) }

    static func complain(_ failure: Failure) {
        note("\(Program.current.rawValue): \(failure.message)")
        if let hint = failure.hint { note("  \(hint)") }
    }

    private static func line(_ text: String) -> String { text.hasSuffix("\n") ? text : text + "\n" }
}
