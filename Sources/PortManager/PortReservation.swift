import PortModel

/// What became of ``PortManager/reserve(_:killIfOccupied:force:metadata:)``.
public struct PortReservation: Hashable, Sendable {
    /// 1…65535.
    public let port: Int
    /// Whether anybody listened before.
    public let wasOccupied: Bool
    /// `nil` when the port was free.
    public let killed: Bool?
    /// Who listened; `nil` when nobody did.
    public let occupier: PortOccupier?
}
