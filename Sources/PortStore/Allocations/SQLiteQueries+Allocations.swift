import GRDB
import PortModel
import PortRegistry

extension SQLiteQueries {
    func allocation(id: Int64) throws -> Allocation? {
        try allocations(where: "a.id = ?", [id]).first
    }

    func allocation(on port: Port) throws -> Allocation? {
        try allocations(where: "port = ?", [port.number]).first
    }

    func allocations(on ports: Set<Port>) throws -> [Allocation] {
        // One parameter, so that the statement is the same for any number of ports.
        let list = "[\(ports.map(\.description).joined(separator: ","))]"
        return try allocations(where: "port IN (SELECT value FROM json_each(?))", [list])
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

    func firstPorts(ofApp app: String, instance: String, limit: Int) throws -> [(service: String, port: Port)] {
        // In the order of the unique index.
        let sql = """
            SELECT service, port FROM allocation WHERE app = ? AND instance = ? AND replica = 0
            ORDER BY service LIMIT ?
            """
        var ports: [(service: String, port: Port)] = []
        try database.forEachRow(sql, [app, instance, limit]) { row in
            let number: Int = try row[1]
            if let port = Port(number) { ports.append((try row[0], port)) }
        }
        return ports
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

    func allocationCount() throws -> Int {
        try database.checkFileIsInPlace()
        return Int(try database.number("SELECT count(*) FROM allocation"))
    }

    func largestHolder(in pool: PortPool) throws -> (app: String, count: Int)? {
        let sql = """
            SELECT app, count(*) FROM allocation WHERE \(pool.condition) GROUP BY app ORDER BY 2 DESC, app LIMIT 1
            """
        return try Row.fetchOne(database, sql: sql).map { ($0[0], $0[1]) }
    }

    /// The matching allocations with their holds, in the order they were made.
    func allocations(where condition: String, _ values: [any StatementBinding]) throws -> [Allocation] {
        let sql = """
            SELECT \(Allocation.columns), \(Hold.columns)
            FROM allocation AS a LEFT JOIN hold AS h ON h.allocation_id = a.id
            WHERE \(condition) ORDER BY a.id, h.id
            """
        var allocations: [Allocation] = []
        try database.forEachRow(sql, values) { row in
            if try allocations.last?.id != TableRow<Allocation.Column>(row)[.id] as Int64 {
                allocations.append(try Allocation(row: row))
            }
            if let hold = try Hold(row: row) { allocations[allocations.count - 1].holds.append(hold) }
        }
        return allocations
    }
}

extension PortPool {
    /// The SQL condition that a table's column `port` is in the pool.
    var condition: String {
        ranges.map { "port BETWEEN \($0.lower) AND \($0.upper)" }.joined(separator: " OR ")
    }
}
