/// The queries about the health of the database itself.
package protocol DatabaseHealthReading {
    /// Returns what SQLite's integrity check reports, one fault each; empty when the database is intact.
    func integrityFaults() throws -> [String]
    /// Returns the paths of the damaged databases that this one was recovered from.
    func damagedPredecessors() throws -> [String]
}
