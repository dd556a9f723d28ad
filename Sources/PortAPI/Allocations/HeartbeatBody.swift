/// The optional body of `POST /v1/allocations/{id}/heartbeat`.
package struct HeartbeatBody: Codable, Hashable, Sendable {
    /// The face whose holds are renewed; `nil` for `registry`.
    package var face: String?

    package init(face: String? = nil) { self.face = face }
}
