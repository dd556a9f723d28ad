/// The response to `POST /v1/ports/{port}/kill`.
package struct KillBody: Codable, Hashable, Sendable {
    package var port: Int
    /// `terminated` once the port is closed; `listening` for a dry run.
    package var status: String
    /// The process that was killed, or that would be.
    package var process: ProcessDTO
    /// The other ports that the process listens on, and that close with it; `nil` when there are none.
    package var otherPorts: [Int]?
    /// For a dry run with a project directory: whether the process runs in that project, so that it may be killed
    /// without asking.
    package var isOwn: Bool?
    /// The parent, if it still runs after the kill and may start the process again.
    package var parent: ParentDTO?
    /// `SIGTERM` or `SIGKILL`; `nil` for a dry run.
    package var signal: String?

    package enum CodingKeys: String, CodingKey {
        case port, status, process, parent, signal
        case otherPorts = "other_ports"
        case isOwn = "own"
    }

    package init(
        port: Int,
        status: String,
        process: ProcessDTO,
        otherPorts: [Int]?,
        isOwn: Bool? = nil,
        parent: ParentDTO? = nil,
        signal: String?
    ) {
        self.port = port
        self.status = status
        self.process = process
        self.otherPorts = otherPorts
        self.isOwn = isOwn
        self.parent = parent
        self.signal = signal
    }
}
