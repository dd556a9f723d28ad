/// The answer to `POST /ports/request`.
package struct ProjectGrantBody: Codable, Hashable, Sendable {
    package var port: Int
    /// `assigned preferred port`, `port assigned successfully` or `existing assignment renewed`.
    package var message: String
    package var existing: Bool
    /// Why the port is a poor choice, or not the expected one; left out when there is nothing to say.
    package var warnings: [String]?

    package init(port: Int, message: String, existing: Bool, warnings: [String]?) {
        self.port = port
        self.message = message
        self.existing = existing
        self.warnings = warnings
    }
}
