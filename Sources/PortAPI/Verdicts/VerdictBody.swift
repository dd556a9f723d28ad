/// The response to `GET /v1/services/{name}/verdict` and `GET /v1/ports/{port}/verdict`.
package struct VerdictBody: Codable, Hashable, Sendable {
    /// `mine`, `unknown`, `foreign` or `none`: foreign if one of the ports is, else unknown, else none.
    package var verdict: String
    /// One for each replica of the service.
    package var ports: [PortVerdictBody]

    package init(verdict: String, ports: [PortVerdictBody]) {
        self.verdict = verdict
        self.ports = ports
    }
}
