/// The answer to `POST /v1/ports/{port}/kill`.
package struct KillBody: Codable, Hashable, Sendable {
    package var port: Int
    /// `terminated`: the port is closed; `listening` for a dry run.
    package var status: String
    package var process: ProcessDTO
    /// `SIGTERM` or `SIGKILL`; left out for a dry run.
    package var signal: String?

    package init(port: Int, status: String, process: ProcessDTO, signal: String?) {
        self.port = port
        self.status = status
        self.process = process
        self.signal = signal
    }
}
