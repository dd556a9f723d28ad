internal import PortModel

/// Whether anything holds a port on this machine, allocated or not.
public struct PortProbe: Hashable, Sendable {
    /// 1…65535.
    public let port: Int
    /// A socket listens on it, or is bound to it, at some local address.
    public let inUse: Bool
}

/// Who listens on a port.
public struct PortOccupier: Hashable, Sendable {
    /// 1…65535.
    public let port: Int
    /// `nil` when the system does not tell: another user's process, or one in a container.
    public let pid: Int32?
    /// As the system has it: at most 15 bytes on Linux.
    public let processName: String?
    /// The program and its arguments, as far as the system tells.
    public let commandLine: [String]
    /// Its working folder, if the system tells.
    public let folder: String?

    init(_ occupier: Occupier?, on port: Port) {
        self.port = Int(port.number)
        pid = occupier?.pid
        processName = occupier?.name
        commandLine = occupier?.commandLine ?? []
        folder = occupier?.folder
    }
}

/// What became of ``PortManager/killOccupier(_:force:)``.
public struct KillResult: Hashable, Sendable {
    /// `false`: nobody listened.
    public let killed: Bool
    /// Of the process that was ended.
    public let pid: Int32?
    /// Of the process that was ended, as the system has it.
    public let processName: String?
}

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

/// What ``PortManager/cleanup()`` did.
public struct CleanupResult: Hashable, Sendable {
    /// Always true, as in the original.
    public let cleaned: Bool
    /// How many allocations ended.
    public let count: Int
}
