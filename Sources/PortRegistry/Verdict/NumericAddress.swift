/// A numeric address of IPv4 or IPv6, whatever its spelling. An IPv4 address in an IPv6 one is that IPv4 address.
package enum NumericAddress: Hashable, Sendable {
    /// In the order of its bytes.
    case v4(UInt32)
    /// Eight groups.
    case v6([UInt16])

    static let allV4 = NumericAddress.v4(0)
    static let allV6 = NumericAddress.v6([UInt16](repeating: 0, count: 8))
    static let loopbackV4 = NumericAddress.v4(0x7F00_0001)
    static let loopbackV6 = NumericAddress.v6([0, 0, 0, 0, 0, 0, 0, 1])

    /// Parses an address with or without brackets and a zone (`fe80::1%eth0`); `nil` for any other text.
    init?(_ text: some StringProtocol) {
        let bare = text.hasPrefix("[") ? String(text.dropFirst().prefix { $0 != "]" }) : String(text)
        let address = bare.prefix { $0 != "%" }
        if let v4 = Self.v4(address) {
            self = .v4(v4)
        } else if let groups = Self.groups(address) {
            let isMapped = groups.prefix(5).allSatisfy { $0 == 0 } && groups[5] == 0xFFFF
            self = isMapped ? .v4(UInt32(groups[6]) << 16 | UInt32(groups[7])) : .v6(groups)
        } else {
            return nil
        }
    }

    private static func v4(_ text: some StringProtocol) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.utf8.count), let byte = UInt8(part), part.first != "+" else { return nil }
            address = address << 8 | UInt32(byte)
        }
        return address
    }

    private static func groups(_ text: some StringProtocol) -> [UInt16]? {
        let halves = text.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = pieces(halves[0]) else { return nil }
        guard halves.count == 2 else { return first.count == 8 ? first : nil }
        guard let second = pieces(halves[1]), first.count + second.count < 8 else { return nil }
        return first + [UInt16](repeating: 0, count: 8 - first.count - second.count) + second
    }

    /// Returns the groups between colons; the last one may be an IPv4 address.
    private static func pieces(_ text: some StringProtocol) -> [UInt16]? {
        if text.isEmpty { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, let v4 = v4(part) {
                groups += [UInt16(v4 >> 16), UInt16(truncatingIfNeeded: v4)]
            } else if (1...4).contains(part.utf8.count), let group = UInt16(part, radix: 16), part.first != "+" {
                groups.append(group)
            } else {
                return nil
            }
        }
        return groups
    }
}
