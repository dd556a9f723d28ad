package import PortModel

/// The queries about the journal.
package protocol JournalReading {
    /// Returns the newest `limit` journal entries, newest first.
    func journal(limit: Int) throws -> [JournalEntry]
    /// Returns the journal entries with a greater id, oldest first.
    func journal(after id: Int64) throws -> [JournalEntry]
    /// Returns the newest `limit` journal entries about `port`, newest first.
    func journal(about port: Port, limit: Int) throws -> [JournalEntry]
}
