/// The listeners on one port.
package struct Occupancy: Hashable, Sendable {
    /// The listening sockets, at least one.
    package let listeners: [Listener]

    /// Creates the occupancy of a port; `nil` when `listeners` is empty.
    package init?(_ listeners: [Listener]) {
        guard !listeners.isEmpty else { return nil }
        self.listeners = listeners
    }

    /// The processes that have any of the sockets open, each once, in ascending order of their pids.
    package var occupiers: [Occupier] {
        var seen: Set<Int32> = []
        return listeners.flatMap(\.occupiers).filter { seen.insert($0.pid).inserted }.sorted { $0.pid < $1.pid }
    }

    /// Whether every socket has a known process. If not, other processes may listen as well.
    package var isComplete: Bool { listeners.allSatisfy { !$0.occupiers.isEmpty } }
}
