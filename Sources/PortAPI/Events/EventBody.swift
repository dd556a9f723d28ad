/// The data of an event in the stream of `GET /v1/events`.
package struct EventBody: Codable, Hashable, Sendable {
    /// The event's name: the action of a journal entry, or `renewed`, `listener_appeared` or `listener_gone`.
    package var type: String
    /// RFC 3339, UTC, with milliseconds.
    package var at: String
    /// `nil` when the event concerns no port.
    package var port: Int?
    /// `app/instance/service`; `nil` when the event concerns no service.
    package var service: String?
    /// The face of the request that caused the event.
    package var face: String?
    /// The client that sent the request, such as `pid 4242`.
    package var caller: String?
    package var reason: String?
    /// The allocation that has the port now, as with `wide`; `nil` when there is none.
    package var allocation: AllocationBody?
    /// The new socket of `listener_appeared`; `nil` for other events.
    package var listener: ListenerBody?

    package init(type: String, at: String) {
        self.type = type
        self.at = at
    }
}
