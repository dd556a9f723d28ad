import PortModel
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
        try result(asJSON ? json(value, pretty: true) : text())
    }

    /// Returns the value as JSON, indented or in one line.
    static func json(_ value: some Encodable, pretty: Bool) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// Prints a result. Throws ``Failure`` when it cannot be written, since scripts rely on it.
    static func result(_ text: String) throws {
        do {
            try StandardStreams.write(line(text), to: 1)
        } catch {
            throw Failure("the output cannot be written: \(error.reason)", code: "output_failed")
        }
    }

    /// Prints a message beside the result. Errors are ignored: there is no other place to report them.
    static func note(_ text: String) { try? StandardStreams.write(line(text.severalLines), to: 2) }

    /// Prints the warnings of an answer.
    static func warn(_ warnings: [String]?) {
        for warning in warnings ?? [] { note("warning: \(warning)") }
    }

    /// Whether the results of this command are JSON. It is asked of the arguments, since those with a usage error have
    /// no command; what follows `--` is another program's.
    static let wantsJSON = CommandLine.arguments.dropFirst().prefix { $0 != "--" }.contains("--json")

    /// Prints a failure: as text or, with --json, as JSON.
    static func complain(_ failure: Failure) {
        if wantsJSON, Program.current != .portManager, let text = try? json(FailureBody(failure), pretty: true) {
            return note(text)
        }
        note("\(Program.current.rawValue): \(failure.message)")
        if let hint = failure.hint { note("  \(hint)") }
    }

    private static func line(_ text: String) -> String { text.hasSuffix("\n") ? text : text + "\n" }
}
