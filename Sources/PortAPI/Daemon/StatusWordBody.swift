/// The response to `GET /healthz` (`ok`) and to `DELETE /v1/allocations/{id}` (`deleted`).
package struct StatusWordBody: Codable, Hashable, Sendable {
    package var status: String

    package init(status: String) { self.status = status }
}
