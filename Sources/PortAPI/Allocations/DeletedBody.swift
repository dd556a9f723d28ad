/// The response to `DELETE /v1/allocations` and `DELETE /v1/holds`.
package struct DeletedBody: Codable, Hashable, Sendable {
    /// The number of allocations that ended.
    package var deleted: Int
    /// The allocations that ended, with their directories. Only with ``FilterBody/wide``.
    package var allocations: [AllocationBody]?

    package init(deleted: Int, allocations: [AllocationBody]? = nil) {
        self.deleted = deleted
        self.allocations = allocations
    }
}
