/// The optional body of `POST /v1/ports/{port}/kill`.
package struct KillRequestBody: Codable, Hashable, Sendable {
    /// The process that may be killed; `nil` for the only one that listens.
    package var pid: Int?
    /// Send SIGKILL when SIGTERM does not close the port within three seconds.
    package var force: Bool?
    /// Return the process that would be killed, without killing it.
    package var dryRun: Bool?
    /// For a dry run: the directory of the caller's project, that of the git checkout if there is one.
    package var projectDirectory: String?

    package enum CodingKeys: String, CodingKey {
        case pid, force
        case dryRun = "dry_run"
        case projectDirectory = "project_directory"
    }

    package init(pid: Int? = nil, force: Bool? = nil, dryRun: Bool? = nil, projectDirectory: String? = nil) {
        self.pid = pid
        self.force = force
        self.dryRun = dryRun
        self.projectDirectory = projectDirectory
    }
}
