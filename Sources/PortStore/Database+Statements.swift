internal import GRDB
internal import GRDBSQLite

/// The statements of every transaction, stepped without what GRDB does around each for observers and rows, which this
/// store has none of: it took longer than SQLite itself.
extension Database {
    /// Runs one statement that yields nothing.
    func run(_ sql: String, _ values: [any StatementBinding] = []) throws {
        try forEachRow(sql, values) { _ in }
    }

    /// The single number that `sql` yields; `nil` for none, or for NULL.
    func optionalNumber(_ sql: String, _ values: [any StatementBinding] = []) throws -> Int64? {
        var number: Int64?
        try forEachRow(sql, values) { number = try $0[optional: 0] }
        return number
    }

    /// The single number that `sql` yields; 0 for none.
    func number(_ sql: String, _ values: [any StatementBinding] = []) throws -> Int64 {
        try optionalNumber(sql, values) ?? 0
    }

    /// The first column of each row.
    func numbers(_ sql: String, _ values: [any StatementBinding] = []) throws -> [Int64] {
        var numbers: [Int64] = []
        try forEachRow(sql, values) { numbers.append(try $0[0]) }
        return numbers
    }

    /// Hands each row to `body`, in turn.
    func forEachRow(
        _ sql: String,
        _ values: [any StatementBinding] = [],
        _ body: (Columns) throws -> Void
    ) throws {
        let statement = try cachedStatement(sql: sql).sqliteStatement
        defer { sqlite3_reset(statement) }
        for (index, value) in values.enumerated() {
            let code = value.bind(to: statement, at: CInt(index + 1))
            guard code == SQLITE_OK else { throw failure(code) }
        }
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: try body(Columns(statement: statement))
            case SQLITE_DONE: return
            case let code: throw failure(code)
            }
        }
    }

    private func failure(_ code: CInt) -> DatabaseError {
        DatabaseError(resultCode: ResultCode(rawValue: code), message: lastErrorMessage)
    }
}

/// The row that a statement is at.
struct Columns {
    fileprivate let statement: SQLiteStatement

    /// `nil` for NULL. Throws ``UnreadableRow`` for a value that is none of the type's.
    subscript<Value: StatementColumnConvertible>(optional index: Int) -> Value? {
        get throws {
            if sqlite3_column_type(statement, CInt(index)) == SQLITE_NULL { return nil }
            guard let value = Value(sqliteStatement: statement, index: CInt(index)) else { throw unreadable(index) }
            return value
        }
    }

    /// Throws ``UnreadableRow`` for NULL and for a value that is none of the type's.
    subscript<Value: StatementColumnConvertible>(_ index: Int) -> Value {
        get throws {
            guard let value = try self[optional: index] as Value? else { throw unreadable(index) }
            return value
        }
    }

    private func unreadable(_ index: Int) -> UnreadableRow {
        UnreadableRow(column: sqlite3_column_name(statement, CInt(index)).map { String(cString: $0) } ?? "\(index)")
    }
}
