package import PortModel

/// A port that was reserved by number, and what listened on it before.
package struct Reservation: Sendable {
    package var grant: Grant
    /// The process that listened; `nil` when none did, or the kernel does not report it.
    package var occupier: Occupier?
    /// Whether a process listened.
    package var wasOccupied: Bool
    /// Whether the occupier was ended to free the port.
    package var wasKilled: Bool
    /// The other ports that the process that was ended listened on, in ascending order.
    package var otherPorts: [Port]
}
