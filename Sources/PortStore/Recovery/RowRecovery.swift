import GRDB

/// Copies the rows that a damaged database still answers with into a new one.
struct RowRecovery {
    let source: DatabaseQueue
    let target: DatabaseQueue

    /// Allocations first: their holds refer to them.
    private static let tables = ["allocation", "hold", "remembered", "project", "journal"]

    func run() throws {
        try target.write { target in
            for table in Self.tables { try copy(table, into: target) }
            try continueNumbering(target)
            // Whose holds could not be read: kept until it is released, so that nobody else gets the port.
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
        // Renewals are counted anew.
        let columns = try target.columns(in: table).map(\.name).filter { $0 != "renewal" }.joined(separator: ", ")
        for row in try rows(of: table, columns: columns) {
            let values = Array(row.databaseValues.dropFirst())
            let marks = values.map { _ in "?" }.joined(separator: ", ")
            do {
                try target.execute(
                    sql: "INSERT OR IGNORE INTO \(table) (\(columns)) VALUES (\(marks))",
                    arguments: StatementArguments(values)
                )
            } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
                // Garbage in place of a number, or a hold without its allocation.
            }
        }
    }

    /// All rows that can be reached, each behind its row id. Behind a damaged page the rest is looked for.
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
                guard let behind = firstReadable(in: table, columns: columns, after: max(next, 0)) else { return found }
                next = behind
            } catch is DatabaseError {
                // The table itself is gone, or the file is no database.
                return found
            }
        }
    }

    /// The lowest row id above `start` from which a row can be read, sought in ever larger steps, and then between the
    /// last two.
    private func firstReadable(in table: String, columns: String, after start: Int64) -> Int64? {
        func isReadable(_ id: Int64) -> Bool {
            let sql = "SELECT rowid, \(columns) FROM \(table) WHERE rowid >= ? ORDER BY rowid LIMIT 1"
            let row = try? source.read { try Row.fetchOne($0, sql: sql, arguments: [id]) }
            return row != nil
        }
        var step: Int64 = 1
        while !isReadable(start + step) {
            // More rows than any registry has had.
            guard step < 1 << 40 else { return nil }
            step *= 2
        }
        var (bad, good) = (start + step / 2, start + step)
        while good - bad > 1 {
            let middle = bad + (good - bad) / 2
            if isReadable(middle) { good = middle } else { bad = middle }
        }
        return good
    }

    /// So that no id is given twice.
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
