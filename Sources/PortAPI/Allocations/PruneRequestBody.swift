/// The body of `POST /v1/prune`. All fields are optional.
package struct PruneRequestBody: Codable, Hashable, Sendable {
    /// Only these allocations end, such as those that were shown before.
    package var ids: [Int64]?
    /// Only return what would end.
    package var dryRun: Bool?

    package enum CodingKeys: String, CodingKey {
        case ids
        case dryRun = "dry_run"
    }

    package init(ids: [Int64]? = nil, dryRun: Bool? = nil) {
        self.ids = ids
        self.dryRun = dryRun
    }
}
