/// The response to `DELETE /v1/allocations/{id}`.
package struct ReleasedBody: Codable, Hashable, Sendable {
    /// `deleted`.
    package var status: String
    /// The allocation that ended, with its directory. Only with `wide`.
    package var allocation: AllocationBody?

    package init(status: String, allocation: AllocationBody? = nil) {
        self.status = status
        self.allocation = allocation
    }
}
