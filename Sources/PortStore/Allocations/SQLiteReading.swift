import GRDB
import GRDBSQLite
import PortModel
import PortRegistry

/// The store's queries, on one connection inside a transaction.
struct SQLiteReading: RegistryReading {
    let database: Database

    func allocation(id: Int64) throws -> Allocation? {
        try allocations(where: "a.id = ?", [id]).first
    }

    func allocation(on port: Port) throws -> Allocation? {
        try allocations(where: "port = ?", [port.number]).first
    }

    func allocations(matching filter: AllocationFilter) throws -> [Allocation] {
        let parts: [(String, (any StatementBinding)?)] = [
            ("app = ?", filter.app), ("instance = ?", filter.instance), ("service = ?", filter.service),
            ("port = ?", filter.port?.number), ("group_id = ?", filter.group),
        ]
        let given = parts.compactMap { part in part.1.map { (part.0, $0) } }
        return try allocations(
            where: given.isEmpty ? "TRUE" : given.map(\.0).joined(separator: " AND "),
            given.map(\.1)
        )
    }

    func hasAllocations(ofApp app: String) throws -> Bool {
        try database.number("SELECT EXISTS (SELECT 1 FROM allocation WHERE app = ?)", [app]) != 0
    }

    func allocations(of identity: ServiceIdentity) throws -> [Allocation] {
        try allocations(
            where: "app = ? AND instance = ? AND service = ?",
            [identity.app, identity.instance, identity.service]
        ).sorted { $0.replica < $1.replica }
    }

    func unusedReplica(of identity: ServiceIdentity) throws -> Int {
        // This is the order of the unique index, so SQLite reads only the index, and only up to the first gap.
        let sql = """
            SELECT replica FROM allocation WHERE app = ? AND instance = ? AND service = ? ORDER BY replica
            """
        let used = try Int.fetchCursor(
            database.cachedStatement(sql: sql),
            arguments: [identity.app, identity.instance, identity.service]
        )
        var lowest = 0
        while let replica = try used.next(), replica == lowest { lowest += 1 }
        return lowest
    }

    func allocations(named name: String) throws -> [Allocation] {
        try allocations(
            where: "service = ?1 OR (app = ?1 AND instance = ?2 AND service = ?2)",
            [name, ServiceIdentity.defaultName]
        )
    }

    func allocations(heldBy face: Face) throws -> [Allocation] {
        try allocations(where: "a.id IN (SELECT allocation_id FROM hold WHERE face = ?)", [face.rawValue])
    }

    func allocationsWithExitedOwners(of face: Face?) throws -> [Allocation] {
        try allocations(
            where: """
                a.id IN (
                    SELECT allocation_id FROM hold
                    WHERE face = coalesce(?, face) AND owner_pid IS NOT NULL AND deadline IS NOT NULL
                )
                """,
            [face?.rawValue]
        )
    }

    /// The SQL condition for holds that have expired: deadlines of earlier boots, and those of this boot that have
    /// passed. Written as three ranges of one index. `?1` is the current boot and `?2` the uptime in milliseconds.
    static let expiredCondition = "boot < ?1 OR boot > ?1 OR (boot = ?1 AND deadline <= ?2)"

    func hasExpiredHolds(at now: Uptime) throws -> Bool {
        let sql = "SELECT EXISTS (SELECT 1 FROM hold WHERE \(Self.expiredCondition))"
        return try database.number(sql, [now.boot, now.milliseconds]) != 0
    }

    func allocationCount() throws -> Int {
        try database.checkFileIsInPlace()
        return Int(try database.number("SELECT count(*) FROM allocation"))
    }

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

    func largestHolder(in pool: PortPool) throws -> (app: String, count: Int)? {
        let sql = """
            SELECT app, count(*) FROM allocation WHERE \(pool.condition) GROUP BY app ORDER BY 2 DESC, app LIMIT 1
            """
        return try Row.fetchOne(database, sql: sql).map { ($0[0], $0[1]) }
    }

    func integrityFaults() throws -> [String] {
        let findings = try String.fetchAll(database, sql: "PRAGMA quick_check(10)")
        return findings == ["ok"] ? [] : findings
    }

    func damagedPredecessors() throws -> [String] {
        let path = sqlite3_db_filename(database.sqliteConnection, "main").map { String(cString: $0) } ?? ""
        return path.isEmpty ? [] : try DatabaseRecovery.setAside(of: path)
    }

    func allocations(renewedAfter count: Int64) throws -> [Allocation] {
        try allocations(where: "a.id IN (SELECT allocation_id FROM hold WHERE renewal > ?)", [count])
    }

    func renewalCount() throws -> Int64 { try database.number("SELECT count FROM renewal") }

    /// The matching allocations with their holds, in the order they were made.
    func allocations(where condition: String, _ values: [any StatementBinding]) throws -> [Allocation] {
        let sql = """
            SELECT \(Allocation.columns), \(Hold.columns)
            FROM allocation AS a LEFT JOIN hold AS h ON h.allocation_id = a.id
            WHERE \(condition) ORDER BY a.id, h.id
            """
        var allocations: [Allocation] = []
        try database.forEachRow(sql, values) { row in
            if try allocations.last?.id != row[0] as Int64 { allocations.append(try Allocation(row: row)) }
            if let hold = try Hold(row: row) { allocations[allocations.count - 1].holds.append(hold) }
        }
        return allocations
    }
}

extension PortPool {
    /// The SQL condition that a table's column `port` is in the pool.
    fileprivate var condition: String {
        ranges.map { "port BETWEEN \($0.lower) AND \($0.upper)" }.joined(separator: " OR ")
    }
}
