/// The response to `POST /ports/request`.
package struct ProjectGrantBody: Codable, Hashable, Sendable {
    package var port: Int
    /// `assigned preferred port`, `port assigned successfully` or `existing assignment renewed`.
    package var message: String
    /// Whether the project had the port already.
    package var existing: Bool
    /// Why the port is a poor choice or not the expected one; `nil` instead of an empty list.
    package var warnings: [String]?

    package init(port: Int, message: String, existing: Bool, warnings: [String]?) {
        self.port = port
        self.message = message
        self.existing = existing
        self.warnings = warnings
    }
}
