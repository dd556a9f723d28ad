package import PortModel

/// Which port an automatic choice gives: a pure decision over what is known of the ports.
package struct AllocationPolicy: Sendable {
    /// The ports that allocations have.
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

    /// The port an identity gets back: the one it had last, whatever the pool says, unless somebody has it.
    package enum ReclaimResult: Equatable {
        case port(Port)
        /// Another allocation has it.
        case allocated(Port)
        /// Something listens on it.
        case busy(Port)
    }

    package func reclaim(_ port: Port, isBusy: (Port) -> Bool) -> ReclaimResult {
        if allocated.contains(port) { return .allocated(port) }
        return isBusy(port) ? .busy(port) : .port(port)
    }

    /// The lowest port of `pool` that is free, not excluded and remembered by nobody; `nil` when there is none.
    package func lowestUnclaimed(in pool: PortPool, isBusy: (Port) -> Bool) -> Port? {
        let unwanted = allocated.union(remembered).union(excluded)
        for range in pool.ranges {
            var start: Port? = range.lower
            while let from = start, let candidate = unwanted.lowestAbsent(in: range, from: from) {
                if !isBusy(candidate) { return candidate }
                start = Port(Int(candidate.number) + 1)
            }
        }
        return nil
    }

    /// Whether every port of `block` is nobody's and not excluded.
    package func isFree(_ block: PortRange, isBusy: (Port) -> Bool) -> Bool {
        PortSet(block).allSatisfy { !allocated.contains($0) && !excluded.contains($0) && !isBusy($0) }
    }

    /// The lowest `count` ports of `pool` that follow one another and are free, not excluded and, if possible,
    /// remembered by nobody; `nil` when there are none.
    package func lowestBlock(of count: Int, in pool: PortPool, isBusy: (Port) -> Bool) -> PortRange? {
        lowestBlock(of: count, in: pool, avoiding: allocated.union(excluded).union(remembered), isBusy: isBusy)
            ?? lowestBlock(of: count, in: pool, avoiding: allocated.union(excluded), isBusy: isBusy)
    }

    private func lowestBlock(
        of count: Int,
        in pool: PortPool,
        avoiding unwanted: PortSet,
        isBusy: (Port) -> Bool
    ) -> PortRange? {
        for range in pool.ranges where range.count >= count {
            var first = Int(range.lower.number)
            while first + count - 1 <= Int(range.upper.number) {
                guard let block = PortRange(Port(first)!, Port(first + count - 1)!) else { break }
                // The next attempt begins behind the last port that is in the way.
                let obstacle = (block.lower.number...block.upper.number).last { number in
                    let port = Port(number)!
                    return unwanted.contains(port) || isBusy(port)
                }
                guard let obstacle else { return block }
                first = Int(obstacle) + 1
            }
        }
        return nil
    }

    /// The first of `leastRecentlyUsed` (remembered ports, the longest unused first) that is in `pool` and free.
    package func leastRecentlyUsed(
        of leastRecentlyUsed: [Port],
        in pool: PortPool,
        isBusy: (Port) -> Bool
    ) -> Port? {
        leastRecentlyUsed.first {
            pool.contains($0) && !allocated.contains($0) && !excluded.contains($0) && !isBusy($0)
        }
    }
}
