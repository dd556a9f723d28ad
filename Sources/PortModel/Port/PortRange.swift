/// An inclusive range of ports, such as `3000-3999`.
package struct PortRange: Hashable, Sendable, CustomStringConvertible {
    package let lower: Port
    package let upper: Port

    /// Creates a range; `nil` when `lower` is greater than `upper`.
    package init?(_ lower: Port, _ upper: Port) {
        guard lower <= upper else { return nil }
        self.lower = lower
        self.upper = upper
    }

    /// Parses `3000-3999`, or `3000` for a single port; `nil` for anything else.
    package init?(_ text: some StringProtocol) {
        let bounds = text.split(separator: "-", omittingEmptySubsequences: false)
        guard (1...2).contains(bounds.count), let lower = Port(bounds[0]), let upper = Port(bounds[bounds.count - 1])
        else { return nil }
        self.init(lower, upper)
    }

    /// All ports, 1…65535.
    package static let all = PortRange(Port(1)!, Port(65535)!)!

    /// The number of ports in the range, at least 1.
    package var count: Int { Int(upper.number) - Int(lower.number) + 1 }

    /// Whether `port` lies in the range.
    package func contains(_ port: Port) -> Bool { lower <= port && port <= upper }

    /// Whether all ports of `other` lie in the range.
    package func contains(_ other: PortRange) -> Bool { lower <= other.lower && other.upper <= upper }

    package var description: String { lower == upper ? "\(lower)" : "\(lower)-\(upper)" }
}
