import PortModel

/// The result of ``PortManager/killOccupier(_:force:)``.
public struct KillResult: Hashable, Sendable {
    /// Whether a process was ended; `false` when no process listened on the port.
    public let killed: Bool
    /// The process id of the process that was ended; `nil` when none listened.
    public let pid: Int32?
    /// The name of the process that was ended, as the system reports it; `nil` when none listened.
    public let processName: String?
    /// The other ports that the process listened on, in ascending order. They closed with it.
    public let otherPorts: [Int]
}
