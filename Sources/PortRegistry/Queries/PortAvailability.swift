package import PortModel

/// Whether a port can be allocated.
package enum PortAvailability: Hashable, Sendable {
    /// The port is free. The warnings are reasons why it is a poor choice.
    case available(warnings: [String])
    /// An allocation has the port.
    case allocated(Allocation)
    /// The port is not allocated, but a socket holds it.
    case inUse
}
