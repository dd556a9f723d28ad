import GRDB
import GRDBSQLite
import PortRegistry

extension SQLiteQueries {
    func integrityFaults() throws -> [String] {
        let findings = try String.fetchAll(database, sql: "PRAGMA quick_check(10)")
        return findings == ["ok"] ? [] : findings
    }

    func damagedPredecessors() throws -> [String] {
        let path = sqlite3_db_filename(database.sqliteConnection, "main").map { String(cString: $0) } ?? ""
        return path.isEmpty ? [] : try DatabaseRecovery.setAside(of: path)
    }
}
