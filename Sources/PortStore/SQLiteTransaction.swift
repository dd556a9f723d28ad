internal import GRDB
internal import PortModel
internal import PortRegistry

#if canImport(FoundationEssentials)
    internal import struct FoundationEssentials.Date
#else
    internal import struct Foundation.Date
#endif

/// The store's changes, on the write connection inside one immediate transaction.
final class SQLiteTransaction: RegistryTransaction {
    private let database: Database
    private let reading: SQLiteReading
    private let limits: SQLiteStore.Limits
    private(set) var index: PortIndex

    init(database: Database, index: PortIndex, limits: SQLiteStore.Limits) {
        self.database = database
        self.reading = SQLiteReading(database: database)
        self.index = index
        self.limits = limits
    }

    var allocatedPorts: PortSet { index.allocated }
    var rememberedPorts: PortSet { index.remembered }

    func insert(_ new: NewAllocation) throws -> Allocation {
        let identity = new.identity
        try database.run(
            """
            INSERT INTO allocation (app, instance, service, replica, port, folder, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                identity.app, identity.instance, identity.service, new.replica, new.port.number, new.folder,
                new.createdAt.milliseconds,
            ]
        )
        let id = database.lastInsertedRowID
        try database.run(
            "INSERT INTO hold (allocation_id, kind, face, placed_at) VALUES (?, ?, ?, ?)",
            [id, new.hold.kind.rawValue, new.hold.face.rawValue, new.createdAt.milliseconds]
        )
        index.allocated.insert(new.port)
        try remember(identity, replica: new.replica, port: new.port, at: new.createdAt)
        return Allocation(
            id: id,
            identity: identity,
            replica: new.replica,
            port: new.port,
            folder: new.folder,
            // As it will be read back.
            createdAt: Date(milliseconds: new.createdAt.milliseconds),
            holds: [new.hold]
        )
    }

    func delete(_ allocation: Allocation, at: Date) throws {
        try database.run("DELETE FROM allocation WHERE id = ?", [allocation.id])
        index.allocated.remove(allocation.port)
        try remember(allocation.identity, replica: allocation.replica, port: allocation.port, at: at)
        try index.noteRemovals(in: database)
    }

    func updateFolder(ofAllocation id: Int64, to folder: String) throws {
        try database.run("UPDATE allocation SET folder = ? WHERE id = ?", [folder, id])
    }

    func forget(_ identity: ServiceIdentity) throws -> Int {
        try database.run(
            "DELETE FROM remembered WHERE app = ? AND instance = ? AND service = ?",
            [identity.app, identity.instance, identity.service]
        )
        let count = database.changesCount
        // Another identity may remember the same port, so the bitmap is read anew.
        index = PortIndex()
        try index.refresh(from: database)
        return count
    }

    func recordProject(app: String, root: String) throws {
        guard try projectRoot(ofApp: app) != root else { return }
        try database.run(
            "INSERT INTO project (app, root) VALUES (?, ?) ON CONFLICT (app) DO UPDATE SET root = excluded.root",
            [app, root]
        )
    }

    func record(_ entry: JournalEntry) throws {
        try database.run(
            """
            INSERT INTO journal (at, action, face, caller, app, instance, service, port, reason)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                entry.at.milliseconds, entry.action.rawValue, entry.asker.face.rawValue, entry.asker.caller,
                entry.identity?.app, entry.identity?.instance, entry.identity?.service, entry.port?.number,
                entry.reason,
            ]
        )
        try database.run("DELETE FROM journal WHERE id <= ?", [database.lastInsertedRowID - Int64(limits.journal)])
    }

    private func remember(_ identity: ServiceIdentity, replica: Int, port: Port, at: Date) throws {
        let before = try rememberedPort(of: identity, replica: replica)
        try database.run(
            """
            INSERT INTO remembered (app, instance, service, replica, port, last_used_at) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (app, instance, service, replica)
            DO UPDATE SET port = excluded.port, last_used_at = excluded.last_used_at
            """,
            [identity.app, identity.instance, identity.service, replica, port.number, at.milliseconds]
        )
        switch before {
        case nil:
            index.remembered.insert(port)
            try boundMemory()
        case port: break
        default:
            index = PortIndex()
            try index.refresh(from: database)
        }
    }

    /// Ids grow by one with each new identity, so looking once in a while is enough to keep the bound roughly.
    private func boundMemory() throws {
        guard database.lastInsertedRowID % 256 == 0 else { return }
        try database.run(
            """
            DELETE FROM remembered WHERE id IN (
                SELECT id FROM remembered WHERE port NOT IN (SELECT port FROM allocation)
                ORDER BY last_used_at DESC LIMIT -1 OFFSET ?
            )
            """,
            [limits.remembered]
        )
        if database.changesCount > 0 {
            index = PortIndex()
            try index.refresh(from: database)
        }
    }
}

extension SQLiteTransaction {
    func allocation(id: Int64) throws -> Allocation? { try reading.allocation(id: id) }

    func allocation(on port: Port) throws -> Allocation? { try reading.allocation(on: port) }

    func allocation(of identity: ServiceIdentity, replica: Int) throws -> Allocation? {
        try reading.allocation(of: identity, replica: replica)
    }

    func allocations(matching filter: AllocationFilter) throws -> [Allocation] {
        try reading.allocations(matching: filter)
    }

    func allocationCount() throws -> Int { try reading.allocationCount() }

    func rememberedPort(of identity: ServiceIdentity, replica: Int) throws -> Port? {
        try reading.rememberedPort(of: identity, replica: replica)
    }

    func longestUnusedPorts(in range: PortRange) throws -> [Port] { try reading.longestUnusedPorts(in: range) }

    func largestHolder(in pool: PortPool) throws -> (app: String, count: Int)? {
        try reading.largestHolder(in: pool)
    }

    func projectRoot(ofApp app: String) throws -> String? { try reading.projectRoot(ofApp: app) }

    func projectApp(atRoot root: String) throws -> String? { try reading.projectApp(atRoot: root) }

    func journal(limit: Int) throws -> [JournalEntry] { try reading.journal(limit: limit) }
}
