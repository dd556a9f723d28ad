/// The response to `DELETE /v1/allocations` and `DELETE /v1/holds`.
package struct DeletedBody: Codable, Hashable, Sendable {
    /// The number of allocations that ended.
    package var deleted: Int

    package init(deleted: Int) { self.deleted = deleted }
}
