package import PortModel

/// The answer to "is this port free?".
package enum PortAvailability: Hashable, Sendable {
    /// Free; the warnings say why it may be a poor choice.
    case available(warnings: [String])
    case allocated(Allocation)
    /// No allocation, but a socket holds it.
    case inUse
}
