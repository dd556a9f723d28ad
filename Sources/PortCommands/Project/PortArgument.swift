import ArgumentParser
import PortModel

/// Parses port numbers on the command line.
enum PortArgument {
    /// Parses a number from 1 to 65535. Throws `ValidationError`.
    @Sendable static func required(_ text: String) throws -> Int {
        guard let port = Port(text) else {
            throw ValidationError("port must be a number between 1 and 65535, not \"\(text)\"")
        }
        return Int(port.number)
    }

    /// Parses a number from 1 to 65535, or 0 for no port. Throws `ValidationError`.
    @Sendable static func optional(_ text: String) throws -> Int { text == "0" ? 0 : try required(text) }
}
