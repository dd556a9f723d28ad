import PortModel

/// A process that listens on a port.
public struct PortOccupier: Hashable, Sendable {
    /// The port number, 1…65535.
    public let port: Int
    /// The process id; `nil` when the system does not reveal it, as for another user's process or one in a container.
    public let pid: Int32?
    /// The name of the process as the system reports it, on Linux at most 15 bytes; `nil` when it is unknown.
    public let processName: String?
    /// The program and its arguments; empty when they are unknown.
    public let commandLine: [String]
    /// The working directory of the process; `nil` when it is unknown.
    public let directory: String?

    init(_ occupier: Occupier?, on port: Port) {
        self.port = Int(port.number)
        pid = occupier?.pid
        processName = occupier?.name
        commandLine = occupier?.commandLine ?? []
        directory = occupier?.directory
    }
}
