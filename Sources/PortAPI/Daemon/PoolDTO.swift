/// An element of `GET /v1/pools`.
package struct PoolDTO: Codable, Hashable, Sendable {
    package var face: String
    /// Such as `3000-3999,8000-8999`.
    package var ranges: String
    /// Ports that automatic choice may give.
    package var usable: Int
    /// Of those, the ones that are allocated.
    package var allocated: Int
    package var free: Int

    package init(face: String, ranges: String, usable: Int, allocated: Int) {
        self.face = face
        self.ranges = ranges
        self.usable = usable
        self.allocated = allocated
        self.free = usable - allocated
    }
}
