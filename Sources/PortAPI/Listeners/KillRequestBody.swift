/// `POST /v1/ports/{port}/kill`; the body may be left out.
package struct KillRequestBody: Codable, Hashable, Sendable {
    /// The process that the caller saw; another one is not touched. Left out: the only one that listens.
    package var pid: Int?
    /// SIGKILL when SIGTERM does not close the port within three seconds.
    package var force: Bool?
    /// Only tell who would be ended.
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
