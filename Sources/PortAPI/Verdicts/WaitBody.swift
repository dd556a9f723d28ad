/// The response to `POST /v1/wait`.
package struct WaitBody: Codable, Hashable, Sendable {
    /// `ready`, `waiting` or `exited`.
    package var status: String
    /// In the order of the request.
    package var services: [WaitedServiceBody]

    package init(status: String, services: [WaitedServiceBody]) {
        self.status = status
        self.services = services
    }
}
