import GRDB

extension SQLiteQueries {
    func registryID() throws -> String {
        try String.fetchOne(database.cachedStatement(sql: "SELECT id FROM registry")) ?? ""
    }
}
