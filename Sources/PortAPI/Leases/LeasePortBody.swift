/// The body of `POST /release` and `POST /heartbeat`.
package struct LeasePortBody: Codable, Hashable, Sendable {
    /// Required; `nil` and 0 are refused.
    package var port: Int?
}
