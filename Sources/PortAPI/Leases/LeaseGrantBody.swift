/// The response to `POST /alloc`.
package struct LeaseGrantBody: Codable, Hashable, Sendable {
    package var port: Int
    package var lease: LeaseBody
    /// Why the port is a poor choice or not the expected one; `nil` instead of an empty list.
    package var warnings: [String]?

    /// Creates the response for `lease`, whose port it repeats.
    package init(lease: LeaseBody, warnings: [String]? = nil) {
        self.port = lease.port
        self.lease = lease
        self.warnings = warnings
    }
}
