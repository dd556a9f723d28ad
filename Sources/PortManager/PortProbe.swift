import PortModel

/// Whether anything holds a port on this machine, allocated or not.
public struct PortProbe: Hashable, Sendable {
    /// 1…65535.
    public let port: Int
    /// A socket listens on it, or is bound to it, at some local address.
    public let inUse: Bool
}
