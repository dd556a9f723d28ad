import GRDB
import GRDBSQLite

/// The columns of a statement's current row, by position.
struct Columns {
    let statement: SQLiteStatement

    /// The value of a column; `nil` for NULL. Throws ``UnreadableRow`` for a number that does not fit the type. A
    /// number column never contains text, because all tables are STRICT.
    subscript<Value: StatementColumnConvertible>(optional index: Int) -> Value? {
        get throws {
            if sqlite3_column_type(statement, CInt(index)) == SQLITE_NULL { return nil }
            guard let value = Value(sqliteStatement: statement, index: CInt(index)) else { throw unreadable(index) }
            return value
        }
    }

    /// The value of a column that is not NULL. Throws ``UnreadableRow`` for NULL and for a number that does not fit.
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
