import GRDB
import PortModel
import PortRegistry

extension SQLiteQueries {
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

    func allocations(renewedAfter count: Int64) throws -> [Allocation] {
        try allocations(where: "a.id IN (SELECT allocation_id FROM hold WHERE renewal > ?)", [count])
    }

    func renewalCount() throws -> Int64 { try database.number("SELECT count FROM renewal") }

    func hasExpiredHolds(at now: Uptime) throws -> Bool {
        let sql = "SELECT EXISTS (SELECT 1 FROM hold WHERE \(expiredCondition))"
        return try database.number(sql, [now.boot, now.milliseconds]) != 0
    }

    func allocationsToReconcile(at now: Uptime, exited: Set<Owner>) throws -> [Allocation] {
        let overdue = "SELECT allocation_id FROM hold WHERE \(expiredCondition)"
        var ids = Set(try database.numbers(overdue, [now.boot, now.milliseconds]))
        ids.formUnion(try database.numbers("SELECT id FROM allocation WHERE lingers"))
        for owner in exited {
            let owned = "SELECT allocation_id FROM hold WHERE owner_pid = ? AND deadline IS NULL"
            ids.formUnion(try database.numbers(owned, [owner.pid]))
        }
        return try ids.sorted().compactMap { try allocation(id: $0) }
    }

    func allocationsOwned(by pids: Set<Int32>) throws -> [Int32: Set<Int64>] {
        guard !pids.isEmpty else { return [:] }
        var owned: [Int32: Set<Int64>] = [:]
        try database.forEachRow(
            """
            SELECT owner_pid, allocation_id FROM hold
            WHERE owner_pid IN (SELECT value FROM json_each(?)) AND deadline IS NULL
            """,
            ["[\(pids.map(String.init).joined(separator: ","))]"]
        ) { row in owned[try row[0], default: []].insert(try row[1]) }
        return owned
    }

    func nextDeadline(after now: Uptime) throws -> Uptime? {
        try database.optionalNumber(
            "SELECT min(deadline) FROM hold WHERE boot = ? AND deadline > ?",
            [now.boot, now.milliseconds]
        ).map { Uptime(boot: now.boot, milliseconds: $0) }
    }

    func hasLingering() throws -> Bool {
        try database.number("SELECT EXISTS (SELECT 1 FROM allocation WHERE lingers)") != 0
    }
}

/// The SQL condition for holds that have expired: deadlines of earlier boots, and those of this boot that have
/// passed. Written as three ranges of one index. `?1` is the current boot and `?2` the uptime in milliseconds.
private let expiredCondition = "boot < ?1 OR boot > ?1 OR (boot = ?1 AND deadline <= ?2)"
