/// A set of ports as a bitmap of 8 KB: membership, union and "the lowest port that is in none of these" without
/// looking at ports one by one.
package struct PortSet: Sendable, Equatable {
    private var words: [UInt64]

    package init() { words = Array(repeating: 0, count: 65536 / 64) }

    package init(_ ports: some Sequence<Port>) {
        self.init()
        for port in ports { insert(port) }
    }

    package init(_ range: PortRange) {
        self.init()
        insert(range)
    }

    package func contains(_ port: Port) -> Bool {
        words[Int(port.number) >> 6] & (1 << UInt64(port.number & 63)) != 0
    }

    package mutating func insert(_ port: Port) {
        words[Int(port.number) >> 6] |= 1 << UInt64(port.number & 63)
    }

    package mutating func insert(_ range: PortRange) {
        for number in range.lower.number...range.upper.number { insert(Port(number)!) }
    }

    package mutating func remove(_ port: Port) {
        words[Int(port.number) >> 6] &= ~(1 << UInt64(port.number & 63))
    }

    package mutating func formUnion(_ other: PortSet) {
        for index in words.indices { words[index] |= other.words[index] }
    }

    package func union(_ other: PortSet) -> PortSet {
        var result = self
        result.formUnion(other)
        return result
    }

    /// How many ports of `range` are in the set.
    package func count(in range: PortRange) -> Int {
        (range.lower.number...range.upper.number).count { contains(Port($0)!) }
    }

    /// The lowest port of `range`, not below `start`, that is not in the set; `nil` when all are.
    package func lowestAbsent(in range: PortRange, from start: Port? = nil) -> Port? {
        var number = Int(Swift.max(range.lower, start ?? range.lower).number)
        let upper = Int(range.upper.number)
        while number <= upper {
            // The word's bits at and above `number`; set bits are ports that are in the set.
            let absent = ~words[number >> 6] & (UInt64.max << UInt64(number & 63))
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
    /// The ports in ascending order.
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
