import ArgumentParser
import PortModel

/// Reads a port number given on the command line.
enum PortArgument {
    /// 1…65535.
    @Sendable static func required(_ text: String) throws -> Int {
        guard let port = Port(text) else {
            throw ValidationError("port must be a number between 1 and 65535, not \"\(text)\"")
        }
        return Int(port.number)
    }

    /// 1…65535, or 0 for none.
    @Sendable static func optional(_ text: String) throws -> Int { text == "0" ? 0 : try required(text) }
}
