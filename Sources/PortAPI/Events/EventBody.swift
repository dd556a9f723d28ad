/// The data of an event of `GET /v1/events`.
package struct EventBody: Codable, Hashable, Sendable {
    /// As the event's name: a journal entry's action, or `renewed`, `listener_appeared`, `listener_gone`.
    package var type: String
    /// RFC 3339, UTC, with milliseconds.
    package var at: String
    /// Left out when it is about no port.
    package var port: Int?
    /// `app/instance/service`; left out when it is about no service.
    package var service: String?
    package var face: String?
    /// Who asked, such as `pid 4242`.
    package var caller: String?
    package var reason: String?
    /// What has the port now, as with `wide`; left out for nobody.
    package var allocation: AllocationBody?
    /// Of `listener_appeared`.
    package var listener: ListenerBody?

    package init(type: String, at: String) {
        self.type = type
        self.at = at
    }
}
