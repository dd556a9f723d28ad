import GRDB

/// Copies the readable rows of a damaged database into a new one.
struct RowRecovery {
    let source: DatabaseQueue
    let target: DatabaseQueue

    /// Allocations come first, because holds refer to them.
    private static let tables = ["allocation", "hold", "remembered", "project", "journal"]

    /// Copies all tables in one transaction.
    func run() throws {
        try target.write { target in
            for table in Self.tables { try copy(table, into: target) }
            try continueNumbering(target)
            // The marks of running services carry it.
            if let id = try? source.read({ try String.fetchOne($0, sql: "SELECT id FROM registry") }) {
                try target.execute(sql: "UPDATE registry SET id = ?", arguments: [id])
            }
            // Allocations whose holds could not be read get a permanent one, so that no other service gets their ports.
            try target.execute(
                sql: """
                    INSERT INTO hold (allocation_id, face, kind, placed_at, renewed_at)
                    SELECT id, 'registry', 'permanent', created_at, created_at FROM allocation
                    WHERE NOT lingers AND id NOT IN (SELECT allocation_id FROM hold)
                    """
            )
        }
    }

    private func copy(_ table: String, into target: Database) throws {
        // The new database counts renewals from zero.
        let columns = try target.columns(in: table).map(\.name).filter { $0 != "renewal" }.joined(separator: ", ")
        for row in try rows(of: table, columns: columns) {
            let values = Array(row.databaseValues.dropFirst())
            let placeholders = values.map { _ in "?" }.joined(separator: ", ")
            do {
                try target.execute(
                    sql: "INSERT OR IGNORE INTO \(table) (\(columns)) VALUES (\(placeholders))",
                    arguments: StatementArguments(values)
                )
            } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
                // The row holds garbage in place of a number, or is a hold without its allocation.
            }
        }
    }

    /// All readable rows, each preceded by its row id. Skips damaged pages.
    private func rows(of table: String, columns: String) throws -> [Row] {
        var found: [Row] = []
        var next = Int64.min
        while true {
            do {
                try source.read { database in
                    let sql = "SELECT rowid, \(columns) FROM \(table) WHERE rowid >= ? ORDER BY rowid"
                    let rows = try Row.fetchCursor(database, sql: sql, arguments: [next])
                    while let row = try rows.next() {
                        found.append(row.copy())
                        next = row[0] + 1
                    }
                }
                return found
            } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
                let readable = firstReadable(in: table, columns: columns, after: max(next, 0))
                guard let readable else { return found }
                next = readable
            } catch is DatabaseError {
                // The table is missing, or the file is not a database.
                return found
            }
        }
    }

    /// The lowest row id above `start` from which a row can be read; `nil` for none. Doubles the step until a row is
    /// readable, then bisects.
    private func firstReadable(in table: String, columns: String, after start: Int64) -> Int64? {
        func isReadable(_ id: Int64) -> Bool {
            let sql = "SELECT rowid, \(columns) FROM \(table) WHERE rowid >= ? ORDER BY rowid LIMIT 1"
            let row = try? source.read { try Row.fetchOne($0, sql: sql, arguments: [id]) }
            return row != nil
        }
        var step: Int64 = 1
        while !isReadable(start + step) {
            // 2^40 rows are more than any registry has had.
            guard step < 1 << 40 else { return nil }
            step *= 2
        }
        var (unreadable, readable) = (start + step / 2, start + step)
        while readable - unreadable > 1 {
            let middle = unreadable + (readable - unreadable) / 2
            if isReadable(middle) { readable = middle } else { unreadable = middle }
        }
        return readable
    }

    /// Continues the AUTOINCREMENT sequences, so that no id is used twice.
    private func continueNumbering(_ target: Database) throws {
        let sequences = try? source.read { try Row.fetchAll($0, sql: "SELECT name, seq FROM sqlite_sequence") }
        for row in sequences ?? [] {
            try target.execute(
                sql: "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?",
                arguments: [row[1] as DatabaseValue, row[0] as DatabaseValue]
            )
        }
    }
}
