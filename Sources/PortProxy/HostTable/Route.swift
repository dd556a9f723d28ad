/// A service to which host names lead.
package struct Route: Hashable, Sendable {
    package var app: String
    package var instance: String
    package var service: String
    /// Its names, in lower case: `web.login.shop.localhost`, `web--login--shop.localhost`.
    package var hostNames: [String]

    package init(app: String, instance: String, service: String, hostNames: [String]) {
        self.app = app
        self.instance = instance
        self.service = service
        self.hostNames = hostNames
    }

    /// `app/instance/service`.
    package var identity: String { "\(app)/\(instance)/\(service)" }
}
