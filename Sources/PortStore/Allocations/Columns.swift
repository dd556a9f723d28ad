import GRDB
import GRDBSQLite

/// The row that a statement is at.
struct Columns {
    let statement: SQLiteStatement

    /// `nil` for NULL. Throws ``UnreadableRow`` for a number that the type cannot hold. Text is never where a number
    /// belongs: all tables are strict.
    subscript<Value: StatementColumnConvertible>(optional index: Int) -> Value? {
        get throws {
            if sqlite3_column_type(statement, CInt(index)) == SQLITE_NULL { return nil }
            guard let value = Value(sqliteStatement: statement, index: CInt(index)) else { throw unreadable(index) }
            return value
        }
    }

    /// Throws ``UnreadableRow`` for NULL, too.
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
