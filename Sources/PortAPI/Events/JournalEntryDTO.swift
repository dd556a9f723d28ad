/// An entry of the journal: an element of `GET /v1/journal` and `GET /v1/ports/{port}/journal`.
package struct JournalEntryDTO: Codable, Hashable, Sendable {
    /// RFC 3339, UTC, in whole seconds.
    package var at: String
    /// `allocated`, `refused`, `released` and so on.
    package var action: String
    package var face: String
    /// The client that sent the request, such as `pid 4242`, or `registry` for the registry itself.
    package var caller: String
    /// `app/instance/service`; `nil` when the entry concerns no service.
    package var service: String?
    package var port: Int?
    package var reason: String?

    package init(
        at: String,
        action: String,
        face: String,
        caller: String,
        service: String?,
        port: Int?,
        reason: String?
    ) {
        self.at = at
        self.action = action
        self.face = face
        self.caller = caller
        self.service = service
        self.port = port
        self.reason = reason
    }
}
