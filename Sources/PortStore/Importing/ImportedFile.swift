package import PortModel
package import PortRegistry

/// The content of the file in which another system kept its ports.
package struct ImportedFile: Sendable {
    /// The name of the system, for people.
    package let source: String
    /// The face whose users had the ports.
    package let face: Face
    package let rows: [ImportRow]

    /// The most rows that a file may have. The largest pool of those systems has 6,900 ports, and what is remembered
    /// here must not be driven out: ``SQLiteStore/Limits/remembered``.
    static let maximumRows = 20_000

    /// Whether the bytes are the start of a SQLite database.
    package static func isDatabase(_ bytes: [UInt8]) -> Bool { bytes.starts(with: Array("SQLite format 3\0".utf8)) }

    /// Returns the refusal of a file that is none of the known ones. `subject` is its path, and `found` what it has
    /// instead.
    package static func unknown(_ subject: String, _ found: String) -> RegistryError {
        RegistryError(
            .invalidRequest,
            "\(subject.oneLine) \(found)",
            subject: subject,
            remedies: [knownFiles]
        )
    }

    /// The advice for a file that is none of the known ones.
    package static let knownFiles = Remedy.advice(
        """
        expected port-registry.db (SQLite, a table port_assignments with port and project), leases.db (SQLite, \
        a table leases with port and service_name) or port-registry.json (JSON, entries with a port)
        """
    )

    static func tooManyRows(_ subject: String) -> RegistryError {
        unknown(subject, "has more than \(maximumRows) entries")
    }

    /// Returns the milliseconds since 1970 of a number of seconds or milliseconds.
    static func milliseconds(_ number: Int64) -> Int64 {
        // In seconds, this is the year 5138; in milliseconds, 1973.
        number.magnitude < 100_000_000_000 ? number * 1000 : number
    }
}
