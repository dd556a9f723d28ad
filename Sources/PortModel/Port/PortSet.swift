/// A set of ports, stored as a bitmap of 8 KB. Union and the search for the lowest absent port work on 64 ports at a
/// time.
package struct PortSet: Sendable, Equatable {
    private var words: [UInt64]

    /// Creates an empty set.
    package init() { words = Array(repeating: 0, count: 65536 / 64) }

    /// Creates a set of the given ports.
    package init(_ ports: some Sequence<Port>) {
        self.init()
        for port in ports { insert(port) }
    }

    /// Creates a set of all ports in `range`.
    package init(_ range: PortRange) {
        self.init()
        insert(range)
    }

    /// Whether `port` is in the set.
    package func contains(_ port: Port) -> Bool {
        words[Int(port.number) >> 6] & (1 << UInt64(port.number & 63)) != 0
    }

    /// Inserts `port`; has no effect when it is in the set.
    package mutating func insert(_ port: Port) {
        words[Int(port.number) >> 6] |= 1 << UInt64(port.number & 63)
    }

    /// Inserts all ports of `range`.
    package mutating func insert(_ range: PortRange) {
        for number in range.lower.number...range.upper.number { insert(Port(number)!) }
    }

    /// Removes `port`; has no effect when it is not in the set.
    package mutating func remove(_ port: Port) {
        words[Int(port.number) >> 6] &= ~(1 << UInt64(port.number & 63))
    }

    /// Inserts all ports of `other`.
    package mutating func formUnion(_ other: PortSet) {
        for index in words.indices { words[index] |= other.words[index] }
    }

    /// Removes all ports of `other`.
    package mutating func subtract(_ other: PortSet) {
        for index in words.indices { words[index] &= ~other.words[index] }
    }

    /// The number of ports in the set.
    package var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// Returns a set of the ports that are in this set, in `other`, or in both.
    package func union(_ other: PortSet) -> PortSet {
        var result = self
        result.formUnion(other)
        return result
    }

    /// Returns the number of ports in `range` that are in the set.
    package func count(in range: PortRange) -> Int {
        (range.lower.number...range.upper.number).count { contains(Port($0)!) }
    }

    /// Returns the lowest port of `range`, and at least `start`, that is neither in this set nor in one of `others`;
    /// `nil` when there is none.
    package func lowestAbsent(in range: PortRange, from start: Port? = nil, and others: [PortSet] = []) -> Port? {
        var number = Int(Swift.max(range.lower, start ?? range.lower).number)
        let upper = Int(range.upper.number)
        while number <= upper {
            let present = others.reduce(words[number >> 6]) { $0 | $1.words[number >> 6] }
            // The ports from `number` to the end of its word that are in none of the sets, as set bits.
            let absent = ~present & (UInt64.max << UInt64(number & 63))
            if absent != 0 {
                let found = (number & ~63) + absent.trailingZeroBitCount
                return found <= upper ? Port(found) : nil
            }
            number = (number & ~63) + 64
        }
        return nil
    }
}

extension PortSet: Sequence {
    /// Returns an iterator over the ports in ascending order.
    package func makeIterator() -> AnyIterator<Port> {
        var index = 0
        var rest = words[0]
        return AnyIterator {
            while rest == 0 {
                index += 1
                guard index < words.count else { return nil }
                rest = words[index]
            }
            let found = Port(index * 64 + rest.trailingZeroBitCount)
            rest &= rest - 1
            return found
        }
    }
}

extension PortSet: CustomStringConvertible {
    /// The ports in ascending order as ranges that neither overlap nor adjoin.
    package var ranges: [PortRange] {
        var ranges: [PortRange] = []
        for port in self {
            if let last = ranges.last, last.upper.number + 1 == port.number {
                ranges[ranges.count - 1] = PortRange(last.lower, port)!
            } else {
                ranges.append(PortRange(port, port)!)
            }
        }
        return ranges
    }

    /// The ranges: `3000-3002, 3007`.
    package var description: String { ranges.map(\.description).joined(separator: ", ") }
}
