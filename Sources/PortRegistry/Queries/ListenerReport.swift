package import PortModel

/// A listening socket, and what the registry knows about it.
package struct ListenerReport: Hashable, Sendable {
    package var listener: Listener
    /// The project of the first occupier's directory; `nil` when the directory is unknown, or is neither in a
    /// repository nor a directory that has allocations.
    package var project: Project?
    /// The allocation of the port; `nil` when there is none.
    package var allocation: AllocationReport?
}
