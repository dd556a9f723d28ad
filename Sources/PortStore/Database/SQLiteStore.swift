import GRDB
import GRDBSQLite
package import PortModel
package import PortRegistry
import Synchronization

/// The registry's SQLite database. The daemon and embedding programs may have the same file open.
package final class SQLiteStore: RegistryStore {
    let writer: any DatabaseWriter
    /// `nil` while a transaction has it, and after a commit that failed. Only one writes at a time.
    private let index = Mutex<PortIndex?>(nil)
    private let limits: Limits
    /// A connection of its own, to which the writer's commits are news, too; opened when it is needed.
    private let observer = Mutex<DatabaseQueue?>(nil)
    /// `nil` for a database that nobody else writes to.
    private let writeQueue: (any WriteQueue)?

    /// What keeps the file from growing over the years.
    package struct Limits: Sendable {
        /// Journal entries kept; about 200 bytes each.
        package var journal = 10_000
        /// Identities whose port is remembered; the longest unused go first.
        package var remembered = 50_000

        package init() {}

        package init(journal: Int, remembered: Int) {
            self.journal = journal
            self.remembered = remembered
        }
    }

    /// Opens the database at `path`, making it when it is missing, and brings its schema up to date. `turn` makes the
    /// order of those who write, if there is to be one, from the path of the database's log, which is there by then.
    /// Throws `schema_too_new` for a database of a newer version and `storage_failed` for a file that cannot be used.
    package convenience init(
        path: String,
        limits: Limits = Limits(),
        writeQueue: (_ log: String) -> (any WriteQueue)? = { _ in nil }
    ) throws(RegistryError) {
        try self.init(limits: limits, writeQueue: { writeQueue("\(path)-wal") }) {
            try DatabasePool(path: path, configuration: Self.configuration())
        } explain: { error in
            "the database \(path) cannot be used: \(error)"
        }
    }

    /// A database in memory, for tests.
    package convenience init(inMemoryWith limits: Limits = Limits()) throws(RegistryError) {
        try self.init(limits: limits) {
            try DatabaseQueue(configuration: Self.configuration())
        } explain: { error in
            "no database in memory: \(error)"
        }
    }

    private init(
        limits: Limits,
        writeQueue: () -> (any WriteQueue)? = { nil },
        open: () throws -> any DatabaseWriter,
        explain: (any Error) -> String
    ) throws(RegistryError) {
        do {
            let writer = try open()
            try Self.migrate(writer)
            // GRDB opens a pool with NORMAL, which loses acknowledged commits at a power cut. That is enough for the
            // schema: nothing was acknowledged yet, and the first commit's sync is the whole log's.
            try writer.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            self.writer = writer
            self.limits = limits
            self.writeQueue = writeQueue()
        } catch let error as RegistryError {
            throw error
        } catch {
            let code = (error as? DatabaseError)?.resultCode
            throw RegistryError(
                .storageFailed,
                explain(error.shortened),
                hint: code == .SQLITE_FULL || code == .SQLITE_IOERR
                    ? "most likely the disk is full: see df" : "check its permissions, or name another with --db"
            )
        }
    }

    private static func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.label = "portctl.store"
        // About four seconds. SQLite's own waiting backs off to 100 ms, and others pass meanwhile.
        configuration.busyMode = .callback { tries in
            sqlite3_sleep(1)
            return tries < 4000
        }
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA cache_size = -16000")
            // The log and its index stay when the last one closes: on a full disk they could not be made again, and
            // then the file could not even be read.
            var isPersistent: CInt = 1
            sqlite3_file_control(database.sqliteConnection, "main", SQLITE_FCNTL_PERSIST_WAL, &isPersistent)
        }
        return configuration
    }

    /// Two processes may open a new file at once: the second finds the tables made, which is no failure.
    private static func migrate(_ writer: any DatabaseWriter) throws {
        let migrations = Migrations.all
        if try writer.read(migrations.hasBeenSuperseded) {
            throw RegistryError(
                .schemaTooNew,
                "the database was written by a newer version of portctl",
                hint: "install that version, or name another database with --db"
            )
        }
        var applied = -1
        while true {
            do {
                return try migrations.migrate(writer)
            } catch {
                if try writer.read(migrations.hasCompletedMigrations) { return }
                // The other one is in the middle of it: what it has made is there, the rest is for whoever is faster.
                let now = try writer.read(migrations.appliedMigrations).count
                guard now > applied else { throw error }
                applied = now
            }
        }
    }

    /// The newest migration's name, such as `v1: …`. Throws `storage_failed`.
    package func schemaVersion() throws(RegistryError) -> String {
        do {
            return try writer.read { try Migrations.all.appliedMigrations($0).last ?? "none" }
        } catch {
            throw .storage(error)
        }
    }

    package func write<Value>(_ body: (any RegistryTransaction) throws -> Value) throws -> Value {
        do {
            return try writer.writeWithoutTransaction { database in
                // Taken out while it may change; gone when a commit fails, since then nobody knows.
                var index = self.index.withLock { $0.take() } ?? PortIndex()
                var (value, changed): (Value?, PortIndex?)
                writeQueue?.acquire()
                defer { writeQueue?.release() }
                do {
                    try database.inTransaction(.immediate) {
                        writeQueue?.release()
                        try database.checkFileIsInPlace()
                        try index.refresh(from: database)
                        let transaction = SQLiteTransaction(database: database, index: index, limits: limits)
                        value = try body(transaction)
                        try transaction.trimJournal()
                        changed = transaction.index
                        return .commit
                    }
                } catch {
                    if changed == nil { self.index.withLock { $0 = index } }
                    throw error
                }
                self.index.withLock { $0 = changed }
                return value!
            }
        } catch {
            throw RegistryError.storage(error.shortened)
        }
    }

    package func revision() throws(RegistryError) -> Int64 {
        do {
            guard let pool = writer as? DatabasePool else {
                return try writer.read { Int64($0.totalChangesCount) }
            }
            return try observer.withLock { observer in
                if observer == nil {
                    var configuration = Self.configuration()
                    configuration.readonly = true
                    observer = try DatabaseQueue(path: pool.path, configuration: configuration)
                }
                return try observer!.unsafeRead { try $0.number("PRAGMA data_version") }
            }
        } catch {
            throw .storage(error.shortened)
        }
    }

    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (any RegistryReading) throws -> Value
    ) async throws(RegistryError) -> Value {
        do {
            return try await writer.read { try body(SQLiteReading(database: $0)) }
        } catch {
            throw .storage(error.shortened)
        }
    }
}

extension Error {
    /// SQLite's own words, without the statement that was being run.
    fileprivate var shortened: any Error {
        guard let error = self as? DatabaseError else { return self }
        if error.resultCode == .SQLITE_BUSY {
            return RegistryError(
                .storageFailed,
                "the database is locked by another program",
                hint: "try again; portctl status names the database"
            )
        }
        if [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode) {
            return RegistryError(
                .storageFailed,
                "the database is damaged: \(error.message ?? "no more is known")",
                hint: "portctl restart sets it aside, and makes it anew from what it still knows"
            )
        }
        return DatabaseError(resultCode: error.extendedResultCode, message: error.message)
    }
}

extension Database {
    /// Throws when the database's file was removed or another one put in its place: what is written now would be
    /// acknowledged and gone with this process.
    fileprivate func checkFileIsInPlace() throws {
        var hasMoved: CInt = 0
        // Unknown to databases in memory, which then report an error and no move.
        sqlite3_file_control(sqliteConnection, "main", SQLITE_FCNTL_HAS_MOVED, &hasMoved)
        guard hasMoved == 0 else {
            throw RegistryError(
                .storageFailed,
                "the database file was removed or replaced while it was open",
                hint: "portctl restart opens what is there now"
            )
        }
    }
}
