/// The optional body of `POST /v1/ports/{port}/kill`.
package struct KillRequestBody: Codable, Hashable, Sendable {
    /// The process that may be killed; `nil` for the only one that listens.
    package var pid: Int?
    /// Send SIGKILL when SIGTERM does not close the port within three seconds.
    package var force: Bool?
    /// Return the process that would be killed, without killing it.
    package var dryRun: Bool?

    package enum CodingKeys: String, CodingKey {
        case pid, force
        case dryRun = "dry_run"
    }

    package init(pid: Int? = nil, force: Bool? = nil, dryRun: Bool? = nil) {
        self.pid = pid
        self.force = force
        self.dryRun = dryRun
    }
}
