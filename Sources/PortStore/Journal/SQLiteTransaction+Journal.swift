import GRDB
import PortModel
import PortRegistry

extension SQLiteTransaction {
    func record(_ entry: JournalEntry) throws {
        try database.run(
            """
            INSERT INTO journal (at, action, face, caller, app, instance, service, port, reason)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                entry.at.milliseconds, entry.action.rawValue, entry.caller.face.rawValue, entry.caller.name,
                entry.identity?.app, entry.identity?.instance, entry.identity?.service, entry.port?.number,
                entry.reason,
            ]
        )
        lastEntryID = database.lastInsertedRowID
    }

    /// Deletes the oldest entries in excess of the limit. Call this when the transaction has recorded all of its own.
    func trimJournal() throws {
        guard let lastEntryID else { return }
        try database.run("DELETE FROM journal WHERE id <= ?", [lastEntryID - Int64(limits.journal)])
    }
}
