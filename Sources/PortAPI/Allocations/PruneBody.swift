/// The response to `POST /v1/prune`.
package struct PruneBody: Codable, Hashable, Sendable {
    /// Whether the allocations are only shown.
    package var dryRun: Bool
    /// The number of allocations.
    package var count: Int
    /// The allocations that ended, or would end, with their directories and holds.
    package var allocations: [AllocationBody]

    package enum CodingKeys: String, CodingKey {
        case count, allocations
        case dryRun = "dry_run"
    }

    /// Creates the response for `allocations`, and counts them.
    package init(dryRun: Bool, allocations: [AllocationBody]) {
        self.dryRun = dryRun
        self.allocations = allocations
        count = allocations.count
    }
}
