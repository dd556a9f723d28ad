package import PortModel

/// The result of freeing a port by ending its occupier.
package struct Kill: Hashable, Sendable {
    package var port: Port
    /// The process that was ended.
    package var target: Occupier
    /// Whether SIGTERM was not enough, and SIGKILL was sent.
    package var wasForced: Bool
}
