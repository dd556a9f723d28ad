import PortModel

/// A service that listens on another port than its own: its server does not follow the port that it was given.
struct Drift: Hashable, Sendable {
    var allocation: Int64
    /// The port that the service has.
    var ownPort: Port
    /// The port on which it listens.
    var port: Port
    /// The inode of the socket that listens there.
    var socket: UInt32

    /// For how many seconds a service must have listened there, and nobody on its own port: servers that restart, or
    /// that open a port before the one of the service, are done by then.
    static let delay = 3
}
