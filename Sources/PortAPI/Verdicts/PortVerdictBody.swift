/// Whether what listens on a port is the service that was asked for.
package struct PortVerdictBody: Codable, Hashable, Sendable {
    package var port: Int
    /// The service; `nil` for a port that belongs to none of the project.
    package var app: String?
    package var instance: String?
    package var service: String?
    /// `mine`, `unknown`, `foreign` or `none`.
    package var verdict: String
    /// The rule that decided, as the end of a sentence about the first listener; `nil` when nobody listens.
    package var reason: String?
    /// The port on which the service really listens, when that is another one; otherwise `nil`.
    package var actualPort: Int?
    /// Those that decide come first.
    package var listeners: [ListenerVerdictBody]

    package enum CodingKeys: String, CodingKey {
        case port, app, instance, service, verdict, reason, listeners
        case actualPort = "actual_port"
    }

    package init(port: Int, verdict: String, reason: String?, listeners: [ListenerVerdictBody]) {
        self.port = port
        self.verdict = verdict
        self.reason = reason
        self.listeners = listeners
    }
}
