/// The response to `GET /healthz`: `ok`.
package struct StatusWordBody: Codable, Hashable, Sendable {
    package var status: String

    package init(status: String) { self.status = status }
}
