/// The body of `POST /v1/import`.
package struct ImportRequestBody: Codable, Hashable, Sendable {
    /// The name of the system that the entries come from; the journal has it.
    package var source: String?
    /// The face whose users had the ports: `registry`, `leases`, `projects` or `manager`. `nil` counts as `registry`.
    package var face: String?
    package var entries: [ImportEntryDTO]
    /// Only return what would be imported.
    package var dryRun: Bool?

    package enum CodingKeys: String, CodingKey {
        case source, face, entries
        case dryRun = "dry_run"
    }

    package init(source: String?, face: String?, entries: [ImportEntryDTO], dryRun: Bool?) {
        self.source = source
        self.face = face
        self.entries = entries
        self.dryRun = dryRun
    }
}
