import GRDB
import PortModel
import PortRegistry

extension SQLiteQueries {
    func journal(limit: Int) throws -> [JournalEntry] { try journal(where: "TRUE", [limit]) }

    func journal(about port: Port, limit: Int) throws -> [JournalEntry] {
        // Needs no index: the table has at most 10,000 rows, which are read in a millisecond.
        try journal(where: "port = ?", [port.number, limit])
    }

    func journal(after id: Int64) throws -> [JournalEntry] {
        try journal(where: "id > ?", [id, -1]).reversed()
    }

    /// The newest entries, the newest first. The last of `values` is the limit; -1 means all.
    private func journal(where condition: String, _ values: [any StatementBinding]) throws -> [JournalEntry] {
        let sql = "SELECT \(JournalEntry.columns) FROM journal WHERE \(condition) ORDER BY id DESC LIMIT ?"
        var entries: [JournalEntry] = []
        try database.forEachRow(sql, values) { entries.append(try JournalEntry(row: $0)) }
        return entries
    }
}
