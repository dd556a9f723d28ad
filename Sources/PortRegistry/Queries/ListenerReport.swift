package import PortModel

/// A listening socket, and what the registry knows of it.
package struct ListenerReport: Hashable, Sendable {
    package var listener: Listener
    /// Of the first occupier's directory; `nil` when that is unknown, or no project's.
    package var project: ListenerProject?
    /// The claim on the port; `nil` when there is none.
    package var allocation: AllocationReport?
}
