package import PortModel

/// The process that a kill would end, and what else it listens on.
package struct KillCandidate: Hashable, Sendable {
    package var process: Occupier
    /// The other ports that the process listens on, in ascending order. They close with it.
    package var otherPorts: [Port]
    /// Whether the process may be killed unasked, because it runs in the caller's project; `nil` when the caller did
    /// not say which that is.
    package var isOwn: Bool?

    /// Creates the candidate of a kill on `port` from all `listeners` of the machine.
    init(_ process: Occupier, on port: Port, among listeners: [Listener]) {
        self.process = process
        let own = listeners.filter { $0.occupiers.contains { $0.pid == process.pid } }.map(\.port)
        otherPorts = Set(own).subtracting([port]).sorted()
    }
}
