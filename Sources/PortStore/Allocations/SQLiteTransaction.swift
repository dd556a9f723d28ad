import GRDB
import PortModel
import PortRegistry

/// The store's changes, on the write connection inside one immediate transaction.
final class SQLiteTransaction: SQLiteQueries, RegistryTransaction {
    let database: Database
    let limits: SQLiteStore.Limits
    private(set) var index: PortIndex
    /// The id of the newest journal entry of this transaction; `nil` before the first.
    var lastEntryID: Int64?

    init(database: Database, index: PortIndex, limits: SQLiteStore.Limits) {
        self.database = database
        self.index = index
        self.limits = limits
    }

    var allocatedPorts: PortSet { index.allocated }
    var rememberedPorts: PortSet { index.remembered }
    var livingOwners: OwnerSet { index.owners }

    func attempt<Value>(
        _ body: () throws -> Result<Value, RegistryError>
    ) throws -> Result<Value, RegistryError> {
        let (index, lastEntryID) = (index, lastEntryID)
        var result: Result<Value, RegistryError>?
        do {
            try database.inSavepoint {
                result = try body()
                if case .failure = result! { return .rollback }
                return .commit
            }
        } catch {
            // GRDB has rolled the savepoint back.
            (self.index, self.lastEntryID) = (index, lastEntryID)
            throw error
        }
        if case .failure = result! { (self.index, self.lastEntryID) = (index, lastEntryID) }
        return result!
    }

    func insert(_ new: NewAllocation) throws -> Allocation {
        let identity = new.identity
        let details = try new.details.json
        try database.run(
            """
            INSERT INTO allocation (app, instance, service, replica, port, folder, created_at, tags, metadata,
                group_id, asker_pid, known_socket, known_boot, known_is_own)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                identity.app, identity.instance, identity.service, new.replica, new.port.number, new.directory,
                new.hold.placedAt.milliseconds, details.tags, details.metadata, new.group, new.requestedByPID,
                new.knownSocket?.inode, new.knownSocket?.boot, new.knownSocket?.isOwn ?? true,
            ]
        )
        let id = database.lastInsertedRowID
        let hold = try insert(new.hold, of: id)
        index.allocated.insert(new.port)
        try remember(identity, replica: new.replica, port: new.port, at: new.hold.placedAt)
        return Allocation(
            id: id,
            identity: identity,
            replica: new.replica,
            port: new.port,
            directory: new.directory,
            createdAt: hold.placedAt,
            details: new.details,
            group: new.group,
            requestedByPID: new.requestedByPID,
            knownSocket: new.knownSocket,
            holds: [hold]
        )
    }

    func save(_ allocation: Allocation, replacing old: Allocation) throws -> Allocation {
        if allocation.port != old.port {
            try database.run("UPDATE allocation SET port = ? WHERE id = ?", [allocation.port.number, allocation.id])
            index.allocated.remove(old.port)
            index.allocated.insert(allocation.port)
            let lastSeen = allocation.lastSeen
            try remember(allocation.identity, replica: allocation.replica, port: allocation.port, at: lastSeen)
            try index.updateRemovalCount(from: database)
        }
        if allocation.directory != old.directory || allocation.details != old.details
            || allocation.knownSocket != old.knownSocket || allocation.holds.isEmpty != old.holds.isEmpty
        {
            let details = try allocation.details.json
            try database.run(
                """
                UPDATE allocation SET folder = ?, tags = ?, metadata = ?, known_socket = ?, known_boot = ?,
                    known_is_own = ?, lingers = ? WHERE id = ?
                """,
                [
                    allocation.directory, details.tags, details.metadata, allocation.knownSocket?.inode,
                    allocation.knownSocket?.boot, allocation.knownSocket?.isOwn ?? true, allocation.holds.isEmpty,
                    allocation.id,
                ]
            )
        }
        var saved = allocation
        saved.holds = try save(allocation.holds, replacing: old.holds, of: allocation.id)
        return saved
    }

    private func save(_ holds: [Hold], replacing old: [Hold], of id: Int64) throws -> [Hold] {
        for hold in old where !holds.contains(where: { $0.id == hold.id }) {
            try database.run("DELETE FROM hold WHERE id = ?", [hold.id])
            if let owner = hold.livingOwner { index.owners.remove(owner) }
        }
        return try holds.map { hold in
            guard let before = old.first(where: { $0.id == hold.id }) else { return try insert(hold, of: id) }
            if hold != before {
                try database.run(
                    """
                    UPDATE hold SET (renewed_at, ttl_seconds, grace_seconds, boot, deadline, owner_pid, owner_start,
                        owner_inode, owner_namespace, origin_folder, origin_time, is_command) =
                        (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ?
                    """,
                    hold.changingValues + [hold.id]
                )
                if let owner = hold.livingOwner { index.owners.insert(owner) }
                if let owner = before.livingOwner { index.owners.remove(owner) }
            }
            return hold
        }
    }

    private func insert(_ hold: Hold, of id: Int64) throws -> Hold {
        try database.run(
            """
            INSERT INTO hold (allocation_id, face, kind, placed_at, renewed_at, ttl_seconds, grace_seconds, boot,
                deadline, owner_pid, owner_start, owner_inode, owner_namespace, origin_folder, origin_time, is_command)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [id, hold.face.rawValue, hold.kind.rawValue, hold.placedAt.milliseconds] + hold.changingValues
        )
        if let owner = hold.livingOwner { index.owners.insert(owner) }
        var stored = hold
        stored.id = database.lastInsertedRowID
        return stored
    }

    func delete(_ allocation: Allocation, at: Timestamp) throws {
        try database.run("DELETE FROM allocation WHERE id = ?", [allocation.id])
        index.allocated.remove(allocation.port)
        for owner in allocation.holds.compactMap(\.livingOwner) { index.owners.remove(owner) }
        try remember(allocation.identity, replica: allocation.replica, port: allocation.port, at: at)
        try index.updateRemovalCount(from: database)
    }

    func forget(_ identity: ServiceIdentity) throws {
        try database.run(
            "DELETE FROM remembered WHERE app = ? AND instance = ? AND service = ?",
            [identity.app, identity.instance, identity.service]
        )
        // Another identity may remember the same port, so the bitmap is read again.
        index = PortIndex()
        try index.refresh(from: database)
    }

    func touch() throws {
        // The row keeps its value, but the write fails where any other write would.
        try database.run("UPDATE renewal SET count = count")
    }

    func remember(_ identity: ServiceIdentity, replica: Int, port: Port, at: Timestamp) throws {
        guard !identity.isAnonymous else { return }
        let name: [any StatementBinding] = [identity.app, identity.instance, identity.service, replica]
        try database.run(
            """
            INSERT INTO remembered (app, instance, service, replica, port, last_used_at) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (app, instance, service, replica) DO NOTHING
            """,
            name + [port.number, at.milliseconds]
        )
        if database.changesCount == 1 {
            index.remembered.insert(port)
            return try trimRememberedPorts()
        }
        let before = try rememberedPort(of: identity, replica: replica)
        try database.run(
            """
            UPDATE remembered SET (port, last_used_at) = (?, ?)
            WHERE app = ? AND instance = ? AND service = ? AND replica = ?
            """,
            [port.number, at.milliseconds] + name
        )
        guard let before, before != port else { return }
        // Another identity may still remember the previous port.
        if try database.number("SELECT EXISTS (SELECT 1 FROM remembered WHERE port = ?)", [before.number]) == 0 {
            index.remembered.remove(before)
        }
        index.remembered.insert(port)
        try index.updateRemovalCount(from: database)
    }

    /// Deletes the least recently used rows in excess of the limit. Ids grow by one with each new identity, so checking
    /// at every 256th keeps the limit closely enough.
    private func trimRememberedPorts() throws {
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
