import GRDB
import PortModel
import PortRegistry

/// The allocated and the remembered ports as bitmaps, and the living owners: a cache of what is in the tables, so that
/// choosing a port and judging cost the same with 100 allocations and with 30,000. Checked at the start of every write
/// against `data_version`, which changes when another connection commits.
struct PortIndex: Sendable {
    var allocated = PortSet()
    var remembered = PortSet()
    var owners = OwnerSet()
    private var dataVersion: Int64 = -1
    private var removals: Int64 = -1
    private var lastAllocation: Int64 = 0
    private var lastMemory: Int64 = 0

    init() {}

    /// Brings the bitmaps up to date: nothing to do when only this connection wrote; the newer rows when others only
    /// added; everything when others removed.
    mutating func refresh(from database: Database) throws {
        let version = try database.number("PRAGMA data_version")
        guard version != dataVersion else { return }
        let removals = try database.number("SELECT count FROM removal")
        if removals != self.removals {
            self = PortIndex()
        }
        try load("allocation", from: database, after: \.lastAllocation, into: \.allocated)
        try load("remembered", from: database, after: \.lastMemory, into: \.remembered)
        try loadOwners(from: database)
        self.removals = removals
        dataVersion = version
    }

    /// Holds come and go without a trace in the two columns, so these are read anew.
    private mutating func loadOwners(from database: Database) throws {
        owners = OwnerSet()
        let sql = "SELECT \(Hold.columns) FROM hold AS h WHERE owner_pid IS NOT NULL AND deadline IS NULL"
        try database.forEachRow(sql) { row in
            if let owner = try Hold(row: row, from: 0)?.livingOwner { owners.insert(owner) }
        }
    }

    /// Notes the connection's own removals, which other connections' caches will see by the counter.
    mutating func noteRemovals(in database: Database) throws {
        removals = try database.number("SELECT count FROM removal")
    }

    private mutating func load(
        _ table: String,
        from database: Database,
        after mark: WritableKeyPath<PortIndex, Int64>,
        into ports: WritableKeyPath<PortIndex, PortSet>
    ) throws {
        try database.forEachRow("SELECT id, port FROM \(table) WHERE id > ?", [self[keyPath: mark]]) { row in
            self[keyPath: mark] = max(self[keyPath: mark], try row[0])
            if let port = Port(try row[1] as Int64) { self[keyPath: ports].insert(port) }
        }
    }
}
