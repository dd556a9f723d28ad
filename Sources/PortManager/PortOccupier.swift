import PortModel

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
    /// Its working directory, if the system tells.
    public let directory: String?

    init(_ occupier: Occupier?, on port: Port) {
        self.port = Int(port.number)
        pid = occupier?.pid
        processName = occupier?.name
        commandLine = occupier?.commandLine ?? []
        directory = occupier?.directory
    }
}
