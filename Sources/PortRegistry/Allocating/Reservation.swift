package import PortModel

/// A port that was asked for by number, and what was in the way.
package struct Reservation: Sendable {
    package var grant: Grant
    /// Who listened; `nil` when nobody did, or the kernel does not tell.
    package var occupier: Occupier?
    package var wasOccupied: Bool
    /// Whether the occupier was ended.
    package var wasKilled: Bool
}
