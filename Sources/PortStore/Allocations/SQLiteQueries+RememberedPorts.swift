import GRDB
import PortModel
import PortRegistry

extension SQLiteQueries {
    func rememberedPort(of identity: ServiceIdentity, replica: Int) throws -> Port? {
        Port(
            try database.number(
                "SELECT port FROM remembered WHERE app = ? AND instance = ? AND service = ? AND replica = ?",
                [identity.app, identity.instance, identity.service, replica]
            )
        )
    }

    func leastRecentlyUsedPorts(in pool: PortPool) throws -> [Port] {
        let sql = """
            SELECT port FROM remembered WHERE (\(pool.condition)) AND port NOT IN (SELECT port FROM allocation)
            GROUP BY port ORDER BY max(last_used_at), port
            """
        return try Int.fetchAll(database, sql: sql).compactMap { Port($0) }
    }
}
