/// The response to `POST /alloc`.
package struct LeaseGrantBody: Codable, Hashable, Sendable {
    package var port: Int
    package var lease: LeaseBody

    /// Creates the response for `lease`, whose port it repeats.
    package init(lease: LeaseBody) {
        self.port = lease.port
        self.lease = lease
    }
}
