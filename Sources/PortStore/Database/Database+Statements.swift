import GRDB
import GRDBSQLite

/// The statements of every transaction, stepped without what GRDB does around each for observers and rows, which this
/// store has none of: it took longer than SQLite itself.
extension Database {
    /// Runs one statement that changes something, and yields nothing.
    func run(_ sql: String, _ values: [any StatementBinding] = []) throws {
        // SQLite ends a transaction by itself when the disk is full: what follows must not be committed on its own.
        guard isInsideTransaction else {
            throw DatabaseError(resultCode: .SQLITE_ABORT, message: "the transaction is over")
        }
        try forEachRow(sql, values) { _ in }
    }

    /// The number in the only row of the only column that `sql` yields; `nil` for none, or for NULL.
    func optionalNumber(_ sql: String, _ values: [any StatementBinding] = []) throws -> Int64? {
        var number: Int64?
        try forEachRow(sql, values) { number = try $0[optional: 0] }
        return number
    }

    /// As ``optionalNumber(_:_:)``; 0 for none.
    func number(_ sql: String, _ values: [any StatementBinding] = []) throws -> Int64 {
        try optionalNumber(sql, values) ?? 0
    }

    /// The first column of each row.
    func numbers(_ sql: String, _ values: [any StatementBinding] = []) throws -> [Int64] {
        var numbers: [Int64] = []
        try forEachRow(sql, values) { numbers.append(try $0[0]) }
        return numbers
    }

    /// Hands each row to `body`, in turn. `body` must not run the same statement.
    func forEachRow(
        _ sql: String,
        _ values: [any StatementBinding] = [],
        _ body: (Columns) throws -> Void
    ) throws {
        let statement = try cachedStatement(sql: sql).sqliteStatement
        defer { sqlite3_reset(statement) }
        assert(values.count == sqlite3_bind_parameter_count(statement))
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
