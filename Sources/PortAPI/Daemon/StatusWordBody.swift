/// `GET /healthz`: `ok`; also `deleted` from `DELETE /v1/allocations/{id}`.
package struct StatusWordBody: Codable, Hashable, Sendable {
    package var status: String

    package init(status: String) { self.status = status }
}
