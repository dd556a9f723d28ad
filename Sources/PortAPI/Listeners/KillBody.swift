/// The response to `POST /v1/ports/{port}/kill`.
package struct KillBody: Codable, Hashable, Sendable {
    package var port: Int
    /// `terminated` once the port is closed; `listening` for a dry run.
    package var status: String
    /// The process that was killed, or that would be.
    package var process: ProcessDTO
    /// `SIGTERM` or `SIGKILL`; `nil` for a dry run.
    package var signal: String?

    package init(port: Int, status: String, process: ProcessDTO, signal: String?) {
        self.port = port
        self.status = status
        self.process = process
        self.signal = signal
    }
}
