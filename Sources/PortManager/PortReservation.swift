import PortModel

/// The result of ``PortManager/reserve(_:killIfOccupied:force:metadata:)``.
public struct PortReservation: Hashable, Sendable {
    /// The port number, 1…65535.
    public let port: Int
    /// Whether a process listened on the port before.
    public let wasOccupied: Bool
    /// Whether that process was ended; `nil` when the port was free.
    public let killed: Bool?
    /// The process that listened before; `nil` when none listened.
    public let occupier: PortOccupier?
}
