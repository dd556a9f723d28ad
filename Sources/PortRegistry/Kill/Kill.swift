package import PortModel

/// A port that was freed by ending its occupier.
package struct Kill: Hashable, Sendable {
    package var port: Port
    package var target: Occupier
    /// Whether it had to be SIGKILL.
    package var wasForced: Bool
}
