/// `POST /release` and `POST /heartbeat`.
package struct LeasePortBody: Codable, Hashable, Sendable {
    package var port: Int?
}
