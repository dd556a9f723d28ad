internal import PortSystem

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Results go to standard output, everything else to standard error.
enum Output {
    /// Prints a result: as JSON when asked for, else as text.
    static func result(_ value: some Encodable, asJSON: Bool, text: @autoclosure () -> String) throws {
        guard asJSON else { return result(text()) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        result(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    static func result(_ text: String) { write(text, to: 1) }

    /// A message beside the result.
    static func note(_ text: String) { write(text, to: 2) }

    static func complain(_ failure: Failure) {
        note("portctl: \(failure.message)")
        if let hint = failure.hint { note("  \(hint)") }
    }

    private static func write(_ text: String, to descriptor: Int32) {
        CurrentProcess.write(text.hasSuffix("\n") ? text : text + "\n", to: descriptor)
    }
}
