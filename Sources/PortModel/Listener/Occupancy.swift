/// Who listens on one port.
package struct Occupancy: Hashable, Sendable {
    /// The sockets, at least one.
    package let listeners: [Listener]

    /// `nil` when nobody listens.
    package init?(_ listeners: [Listener]) {
        guard !listeners.isEmpty else { return nil }
        self.listeners = listeners
    }

    /// The processes of all sockets, each once, by pid.
    package var occupiers: [Occupier] {
        var seen: Set<Int32> = []
        return listeners.flatMap(\.occupiers).filter { seen.insert($0.pid).inserted }.sorted { $0.pid < $1.pid }
    }

    /// Whether the kernel told the processes of every socket. If not, unknown stays unknown.
    package var isComplete: Bool { listeners.allSatisfy { !$0.occupiers.isEmpty } }
}
