/// The answer to `POST /alloc`.
package struct LeaseGrantBody: Codable, Hashable, Sendable {
    package var port: Int
    package var lease: LeaseBody

    package init(lease: LeaseBody) {
        self.port = lease.port
        self.lease = lease
    }
}
