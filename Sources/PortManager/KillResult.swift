import PortModel

/// What became of ``PortManager/killOccupier(_:force:)``.
public struct KillResult: Hashable, Sendable {
    /// `false`: nobody listened.
    public let killed: Bool
    /// Of the process that was ended.
    public let pid: Int32?
    /// Of the process that was ended, as the system has it.
    public let processName: String?
}
