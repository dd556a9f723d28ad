/// The ranges from which a face chooses ports automatically, in order of preference.
package struct PortPool: Hashable, Sendable, CustomStringConvertible {
    package let ranges: [PortRange]

    /// Creates a pool; `nil` when `ranges` is empty.
    package init?(_ ranges: [PortRange]) {
        guard !ranges.isEmpty else { return nil }
        self.ranges = ranges
    }

    /// Parses comma-separated ranges such as `3000-3999,8000-8999`; `nil` when one of them is malformed.
    package init?(_ text: some StringProtocol) {
        var ranges: [PortRange] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let range = PortRange(part.trimmingSpaces()) else { return nil }
            ranges.append(range)
        }
        self.init(ranges)
    }

    /// Whether one of the ranges contains `port`.
    package func contains(_ port: Port) -> Bool { ranges.contains { $0.contains(port) } }

    package var description: String { ranges.map(\.description).joined(separator: ",") }
}
