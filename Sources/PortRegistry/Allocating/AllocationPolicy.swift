package import PortModel

/// Chooses ports: pure decisions from the ports that are allocated, remembered and excluded.
package struct AllocationPolicy: Sendable {
    /// The ports that are allocated.
    package var allocated: PortSet
    /// The ports that identities remember, allocated now or not.
    package var remembered: PortSet
    /// The ports that automatic choice never gives.
    package var excluded: PortSet

    package init(allocated: PortSet, remembered: PortSet, excluded: PortSet) {
        self.allocated = allocated
        self.remembered = remembered
        self.excluded = excluded
    }

    /// Whether an identity gets back the port that it had last.
    package enum ReclaimResult: Equatable {
        /// The identity gets the port.
        case port(Port)
        /// Another allocation has the port.
        case allocated(Port)
        /// A socket holds the port.
        case busy(Port)
    }

    /// Decides whether an identity gets back `port`, which it had last. It does unless the port is allocated or busy,
    /// also when no pool has the port.
    package func reclaim(_ port: Port, isBusy: (Port) -> Bool) -> ReclaimResult {
        if allocated.contains(port) { return .allocated(port) }
        return isBusy(port) ? .busy(port) : .port(port)
    }

    /// Returns the first choice that `choose` makes, while one of the `stages` of exclusions after the other gives way;
    /// `nil` when none of them leaves it a choice.
    package func firstChoice<Choice>(
        in stages: [PortSet],
        _ choose: (AllocationPolicy) throws -> Choice?
    ) rethrows -> Choice? {
        for excluded in stages {
            if let choice = try choose(
                AllocationPolicy(allocated: allocated, remembered: remembered, excluded: excluded)
            ) {
                return choice
            }
        }
        return nil
    }

    /// Returns the lowest port of `pool` that is neither allocated, busy, excluded nor remembered; `nil` when there is
    /// none.
    package func lowestUnclaimed(in pool: PortPool, isBusy: (Port) -> Bool) -> Port? {
        let others = [remembered, excluded]
        for range in pool.ranges {
            var start: Port? = range.lower
            while let from = start, let candidate = allocated.lowestAbsent(in: range, from: from, and: others) {
                if !isBusy(candidate) { return candidate }
                start = Port(Int(candidate.number) + 1)
            }
        }
        return nil
    }

    /// Returns whether no port of `block` is allocated, busy or excluded.
    package func isFree(_ block: PortRange, isBusy: (Port) -> Bool) -> Bool {
        PortSet(block).allSatisfy { !allocated.contains($0) && !excluded.contains($0) && !isBusy($0) }
    }

    /// Returns the lowest `count` consecutive ports of `pool` that are neither allocated, busy, excluded nor, if
    /// possible, remembered; `nil` when there are none.
    package func lowestBlock(of count: Int, in pool: PortPool, isBusy: (Port) -> Bool) -> PortRange? {
        lowestBlock(of: count, in: pool, avoiding: allocated.union(excluded).union(remembered), isBusy: isBusy)
            ?? lowestBlock(of: count, in: pool, avoiding: allocated.union(excluded), isBusy: isBusy)
    }

    private func lowestBlock(
        of count: Int,
        in pool: PortPool,
        avoiding unavailable: PortSet,
        isBusy: (Port) -> Bool
    ) -> PortRange? {
        for range in pool.ranges where range.count >= count {
            var first = Int(range.lower.number)
            while first + count - 1 <= Int(range.upper.number) {
                guard let block = PortRange(Port(first)!, Port(first + count - 1)!) else { break }
                // The next candidate starts after the last port that is in the way.
                let obstacle = (block.lower.number...block.upper.number).last { number in
                    let port = Port(number)!
                    return unavailable.contains(port) || isBusy(port)
                }
                guard let obstacle else { return block }
                first = Int(obstacle) + 1
            }
        }
        return nil
    }

    /// Returns the first of `candidates` (remembered ports, the least recently used first) that is in `pool` and
    /// neither allocated, busy nor excluded; `nil` when there is none.
    package func leastRecentlyUsed(
        of candidates: [Port],
        in pool: PortPool,
        isBusy: (Port) -> Bool
    ) -> Port? {
        candidates.first {
            pool.contains($0) && !allocated.contains($0) && !excluded.contains($0) && !isBusy($0)
        }
    }
}
