import PortModel

/// Why automatic choice finds no port in a pool: each port counts for one reason.
struct PoolShortage: Sendable {
    let pool: PortPool
    /// The number of ports in the pool.
    let count: Int
    /// How many of them are allocated.
    private(set) var allocated = 0
    /// How many of the others never give way, for each reason.
    private(set) var excluded: [PortExclusions.Reason: Int] = [:]
    /// How many of the others sockets hold, if the pool has no free port.
    var inUse: Int { count - allocated - excluded.values.reduce(0, +) }

    /// Counts the ports of `pool`.
    init(of pool: PortPool, allocated: PortSet, exclusions: PortExclusions) {
        self.pool = pool
        var rest = PortSet()
        for range in pool.ranges { rest.insert(range) }
        count = rest.count
        /// Takes out the ports of `set`, and returns how many they were.
        func take(_ set: PortSet) -> Int {
            let before = rest.count
            rest.subtract(set)
            return before - rest.count
        }
        self.allocated = take(allocated)
        for (reason, ports) in exclusions.sets where !reason.givesWay {
            let taken = take(ports)
            if taken > 0 { excluded[reason] = taken }
        }
    }

    /// The counts as a sentence, the largest first. `largest` is the app with the most allocations of the pool.
    func sentence(largest: (app: String, count: Int)?) -> String {
        var parts: [(count: Int, text: String)] = []
        if allocated > 0 {
            let holder = largest.map { largest in
                largest.count == allocated
                    ? " to \"\(largest.app)\"" : ", \(largest.count) of them to \"\(largest.app)\""
            }
            parts.append((allocated, "allocated\(holder ?? "")"))
        }
        if inUse > 0 { parts.append((inUse, "in use on system")) }
        let excluded = excluded.map { (count: $0.value, text: $0.key.description) }
        parts += excluded.sorted { ($0.count, $0.text) > ($1.count, $1.text) }
        // The sort is stable.
        parts.sort { $0.count > $1.count }
        if count == 1 { return "its port is \(parts[0].text)" }
        return parts.enumerated().map { index, part in
            let ports = index == 0 ? "\(part.count) of \(count) ports" : "\(part.count)"
            return "\(ports) \(part.count == 1 ? "is" : "are") \(part.text)"
        }.joined(separator: ", ")
    }
}
