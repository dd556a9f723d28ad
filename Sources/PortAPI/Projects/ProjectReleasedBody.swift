/// The response to `DELETE /ports/release`.
package struct ProjectReleasedBody: Codable, Hashable, Sendable {
    package var success: Bool
    package var message: String

    package init(success: Bool, message: String) {
        self.success = success
        self.message = message
    }
}
