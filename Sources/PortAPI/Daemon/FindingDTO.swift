package import PortModel

/// The result of one check: an element of `GET /v1/diagnosis`, and a line of `portctl doctor`.
package struct FindingDTO: Codable, Hashable, Sendable {
    /// How serious a finding is. A problem needs attention; a warning may.
    package enum Severity: String, Codable, Sendable {
        case ok, warning, problem
    }

    /// The name of the check, such as `database`.
    package var check: String
    package var severity: Severity
    package var message: String
    /// What helps, in words; `nil` when nothing needs to be done.
    package var remedy: String?
    /// The same for programs; `nil` instead of an empty list.
    package var remedies: [RemedyDTO]?

    /// Creates a finding. Without a `remedy` in words, that is the remedies in plain words.
    package init(
        _ check: String,
        _ severity: Severity,
        _ message: String,
        remedy: String? = nil,
        remedies: [Remedy] = []
    ) {
        self.check = check
        self.severity = severity
        self.message = message
        self.remedy = remedy ?? remedies.plainWords
        self.remedies = [RemedyDTO](remedies)
    }
}
