/// An element of `GET /v1/diagnosis`, and a line of `portctl doctor`.
package struct FindingDTO: Codable, Hashable, Sendable {
    package enum Severity: String, Codable, Sendable {
        case ok, warning, problem
    }

    /// What was looked at, such as `database`.
    package var check: String
    package var severity: Severity
    package var message: String
    /// What to do; left out when there is nothing to be done.
    package var remedy: String?

    package init(_ check: String, _ severity: Severity, _ message: String, remedy: String? = nil) {
        self.check = check
        self.severity = severity
        self.message = message
        self.remedy = remedy
    }
}
