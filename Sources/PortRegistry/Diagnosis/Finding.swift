package import PortModel

/// The result of one check of a ``Diagnosis``.
package struct Finding: Hashable, Sendable {
    /// How serious a finding is. A problem needs attention; a warning may.
    package enum Severity: Sendable {
        case ok, warning, problem
    }

    /// What was checked.
    package enum Check: Hashable, Sendable {
        case database, listeners, owners, ephemeralRange
        case pool(Face)
        case conflicts, removedDirectories

        /// The name, such as `pool registry`.
        package var name: String {
            switch self {
            case .database: "database"
            case .listeners: "listeners"
            case .owners: "owners"
            case .ephemeralRange: "ephemeral range"
            case .pool(let face): "pool \(face.rawValue)"
            case .conflicts: "conflicts"
            case .removedDirectories: "removed directories"
            }
        }
    }

    package let check: Check
    package let severity: Severity
    package let message: String
    /// What helps; empty when nothing needs to be done, or nothing can.
    package let remedies: [Remedy]

    init(_ check: Check, _ severity: Severity, _ message: String, _ remedies: [Remedy] = []) {
        self.check = check
        self.severity = severity
        self.message = message
        self.remedies = remedies
    }
}
