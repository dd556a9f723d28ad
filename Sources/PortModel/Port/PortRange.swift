/// An inclusive range of ports, written `3000-3999`.
package struct PortRange: Hashable, Sendable, CustomStringConvertible {
    package let lower: Port
    package let upper: Port

    /// `nil` when `lower` lies above `upper`.
    package init?(_ lower: Port, _ upper: Port) {
        guard lower <= upper else { return nil }
        self.lower = lower
        self.upper = upper
    }

    /// Reads `3000-3999` or a single port, `3000`; `nil` for anything else.
    package init?(_ text: some StringProtocol) {
        let bounds = text.split(separator: "-", omittingEmptySubsequences: false)
        guard (1...2).contains(bounds.count), let lower = Port(bounds[0]), let upper = Port(bounds[bounds.count - 1])
        else { return nil }
        self.init(lower, upper)
    }

    /// Every port, 1…65535.
    package static let all = PortRange(Port(1)!, Port(65535)!)!

    /// How many ports the range has, at least 1.
    package var count: Int { Int(upper.number) - Int(lower.number) + 1 }

    package func contains(_ port: Port) -> Bool { lower <= port && port <= upper }

    package func contains(_ other: PortRange) -> Bool { lower <= other.lower && other.upper <= upper }

    package var description: String { lower == upper ? "\(lower)" : "\(lower)-\(upper)" }
}
