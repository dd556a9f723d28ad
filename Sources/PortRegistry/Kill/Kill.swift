package import PortModel

/// The result of freeing a port by ending its occupier.
package struct Kill: Hashable, Sendable {
    package var port: Port
    /// The process that was ended.
    package var target: Occupier
    /// The other ports that the process listened on, in ascending order.
    package var otherPorts: [Port]
    /// The parent of the process, if it still runs and may start the process again.
    package var survivingParent: ParentProcess?
    /// Whether SIGTERM was not enough, and SIGKILL was sent.
    package var wasForced: Bool
}
