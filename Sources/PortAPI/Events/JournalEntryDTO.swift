/// An element of `GET /v1/ports/{port}/journal`: one line of the registry's story.
package struct JournalEntryDTO: Codable, Hashable, Sendable {
    /// RFC 3339, UTC, whole seconds.
    package var at: String
    /// `allocated`, `refused`, `released`…
    package var action: String
    package var face: String
    /// Who asked, such as `pid 4242`.
    package var caller: String
    /// `app/instance/service`; left out when it was about no service.
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
