/// `POST /v1/allocations/{id}/heartbeat`; the body may be left out.
package struct HeartbeatBody: Codable, Hashable, Sendable {
    /// Whose holds; left out: `registry`.
    package var face: String?

    package init(face: String? = nil) { self.face = face }
}
