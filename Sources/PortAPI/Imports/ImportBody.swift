/// The response to `POST /v1/import`.
package struct ImportBody: Codable, Hashable, Sendable {
    /// Whether nothing was changed.
    package var dryRun: Bool
    package var imported: [ImportEntryDTO]
    package var skipped: [SkippedEntryDTO]

    package enum CodingKeys: String, CodingKey {
        case imported, skipped
        case dryRun = "dry_run"
    }

    package init(dryRun: Bool, imported: [ImportEntryDTO], skipped: [SkippedEntryDTO]) {
        self.dryRun = dryRun
        self.imported = imported
        self.skipped = skipped
    }
}
