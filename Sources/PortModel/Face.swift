/// A way to ask the registry. Faces differ in the pool they choose from and own the holds they placed.
package enum Face: String, Sendable, CaseIterable {
    /// `/v1`, `portctl allocate` and `portctl port` (seed 002).
    case registry
    /// `/alloc`, `portctl alloc`, `loop` and `run` (seed 003).
    case leases
    /// `/ports`, `get-port` (seed 004).
    case projects
    /// The PortManager library and `port-manager` (seeds 000 and 001).
    case manager
}
