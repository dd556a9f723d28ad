import PortModel

/// The result of ``PortManager/probe(_:)``.
public struct PortProbe: Hashable, Sendable {
    /// The port number, 1…65535.
    public let port: Int
    /// Whether a socket listens on the port or is bound to it, at any local address. Whether the port is allocated does
    /// not matter.
    public let inUse: Bool
}
