/// The response to `DELETE /v1/remembered`.
package struct ForgottenBody: Codable, Hashable, Sendable {
    package var app: String
    package var instance: String
    package var service: String
    package var port: Int
    /// Whether an allocation of the port was released as well.
    package var released: Bool

    package init(app: String, instance: String, service: String, port: Int, released: Bool) {
        self.app = app
        self.instance = instance
        self.service = service
        self.port = port
        self.released = released
    }
}
