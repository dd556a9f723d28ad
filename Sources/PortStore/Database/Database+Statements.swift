import GRDB
import GRDBSQLite

/// Runs statements by stepping them directly. The work that GRDB does around each statement for observers and rows,
/// which this store does not use, took longer than SQLite itself.
extension Database {
    /// Runs one statement that changes rows and returns none.
    func run(_ sql: String, _ values: [any StatementBinding] = []) throws {
        // SQLite rolls a transaction back by itself when the disk is full. Later statements of that transaction must
        // not be committed one by one.
        guard isInsideTransaction else {
            throw DatabaseError(resultCode: .SQLITE_ABORT, message: "the transaction has ended")
        }
        try forEachRow(sql, values) { _ in }
    }

    /// The number in the single row and column that `sql` returns; `nil` for no row or NULL.
    func optionalNumber(_ sql: String, _ values: [any StatementBinding] = []) throws -> Int64? {
        var number: Int64?
        try forEachRow(sql, values) { number = try $0[optional: 0] }
        return number
    }

    /// The number in the single row and column that `sql` returns; 0 for no row or NULL.
    func number(_ sql: String, _ values: [any StatementBinding] = []) throws -> Int64 {
        try optionalNumber(sql, values) ?? 0
    }

    /// The numbers in the first column of each row that `sql` returns.
    func numbers(_ sql: String, _ values: [any StatementBinding] = []) throws -> [Int64] {
        var numbers: [Int64] = []
        try forEachRow(sql, values) { numbers.append(try $0[0]) }
        return numbers
    }

    /// Calls `body` with each row that `sql` returns. `body` must not run the same statement, which is cached.
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
