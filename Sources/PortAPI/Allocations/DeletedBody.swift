/// `DELETE /v1/allocations`.
package struct DeletedBody: Codable, Hashable, Sendable {
    /// How many allocations ended.
    package var deleted: Int

    package init(deleted: Int) { self.deleted = deleted }
}
