/// The port that a service had last, which it gets again when it is free.
package struct RememberedBody: Codable, Hashable, Sendable {
    package var app: String
    package var instance: String
    package var service: String
    package var port: Int

    package init(app: String, instance: String, service: String, port: Int) {
        self.app = app
        self.instance = instance
        self.service = service
        self.port = port
    }

    /// The identity as `app/instance/service`.
    package var name: String { "\(app)/\(instance)/\(service)" }
}
