/// The usage of one face's pool: an element of `GET /v1/pools`.
package struct PoolDTO: Codable, Hashable, Sendable {
    package var face: String
    /// The ranges in search order, such as `3000-3999,8000-8999`.
    package var ranges: String
    /// The number of ports that automatic choice may allocate.
    package var usable: Int
    /// The number of usable ports that are allocated.
    package var allocated: Int
    package var free: Int

    /// Creates the usage of a pool. `free` is `usable` minus `allocated`.
    package init(face: String, ranges: String, usable: Int, allocated: Int) {
        self.face = face
        self.ranges = ranges
        self.usable = usable
        self.allocated = allocated
        self.free = usable - allocated
    }
}
