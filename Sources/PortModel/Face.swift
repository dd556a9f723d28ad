/// An interface of the registry. Each face has its own pool for automatic choice, and owns the holds that it placed.
package enum Face: String, Sendable, CaseIterable {
    /// `/v1`, `portctl allocate` and `portctl port`, compatible with port-server and portctl.
    case registry
    /// `/alloc`, `portctl alloc`, `loop` and `run`, compatible with PortManager's leases.
    case leases
    /// `/ports` and `get-port`, compatible with the get-port service.
    case projects
    /// The library PortManager and the command `port-manager`, compatible with PortManager and with port-manager (npm).
    case manager
}
