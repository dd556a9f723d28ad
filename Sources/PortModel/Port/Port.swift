/// A TCP port number, 1…65535. Port 0 ("any") is not a port: `nil` stands for an automatic choice.
package struct Port: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let number: UInt16

    /// The daemon's port for HTTP, unless another is configured; the one of the original port-server.
    package static let defaultHTTP = Port(51234)!

    /// Creates a port; `nil` for a number outside 1…65535.
    package init?(_ number: some BinaryInteger) {
        guard let number = UInt16(exactly: number), number > 0 else { return nil }
        self.number = number
    }

    /// Parses decimal digits; `nil` for signs, spaces, other text and numbers outside 1…65535.
    package init?(_ text: some StringProtocol) {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(text) else {
            return nil
        }
        self.init(number)
    }

    /// Orders ports by their number.
    package static func < (left: Port, right: Port) -> Bool { left.number < right.number }

    package var description: String { String(number) }
}
