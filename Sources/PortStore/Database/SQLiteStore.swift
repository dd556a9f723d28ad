import GRDB
import GRDBSQLite
package import PortModel
package import PortRegistry
import Synchronization

/// The registry's SQLite database. The daemon and embedding programs may have the same file open at once.
package final class SQLiteStore: RegistryStore {
    let writer: any DatabaseWriter
    /// `nil` while a transaction uses it, and after a failed commit. Only one transaction writes at a time.
    private let index = Mutex<PortIndex?>(nil)
    private let limits: Limits
    /// `nil` for a database that no other process writes to.
    private let writeQueue: (any WriteQueue)?

    /// Numbers of rows to keep, so that the file does not grow over the years.
    package struct Limits: Sendable {
        /// The number of journal entries, of about 200 bytes each.
        package var journal = 10_000
        /// The number of services whose port is remembered. The least recently used are deleted first.
        package var remembered = 50_000

        package init() {}

        package init(journal: Int, remembered: Int) {
            self.journal = journal
            self.remembered = remembered
        }
    }

    /// Opens the database at `path`, creates it if it is missing, and migrates its schema.
    ///
    /// `writeQueue` returns the queue for writers, or `nil` for none. It gets the path of the write-ahead log, which
    /// exists by then. Throws `schema_too_new` for a database of a newer version and `storage_failed` for a file that
    /// cannot be used.
    package convenience init(
        path: String,
        limits: Limits = Limits(),
        writeQueue: (_ log: String) -> (any WriteQueue)? = { _ in nil }
    ) throws(RegistryError) {
        try self.init(limits: limits, writeQueue: { writeQueue("\(path)-wal") }) {
            try DatabasePool(path: path, configuration: Self.configuration())
        } message: { error in
            "the database \(path) cannot be used: \(error)"
        }
    }

    /// Opens a new database in memory, for tests. Throws `storage_failed`.
    package convenience init(inMemoryWith limits: Limits = Limits()) throws(RegistryError) {
        try self.init(limits: limits) {
            try DatabaseQueue(configuration: Self.configuration())
        } message: { error in
            "a database in memory cannot be opened: \(error)"
        }
    }

    private init(
        limits: Limits,
        writeQueue: () -> (any WriteQueue)? = { nil },
        open: () throws -> any DatabaseWriter,
        message: (any Error) -> String
    ) throws(RegistryError) {
        do {
            let writer = try open()
            try Self.migrate(writer)
            // GRDB opens a pool with NORMAL, which loses acknowledged commits at a power cut. That is enough for the
            // schema: nothing is acknowledged yet, and the first commit syncs the whole log.
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
                message(error.shortened),
                remedies: code == .SQLITE_FULL || code == .SQLITE_IOERR
                    ? [.advice("most likely the disk is full: see df")]
                    : [.advice("check its permissions"), .otherDatabase]
            )
        }
    }

    private static func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.label = "portctl.store"
        // Retries every millisecond for about four seconds. SQLite's own busy handler backs off to 100 ms, during which
        // other writers overtake.
        configuration.busyMode = .callback { attempts in
            sqlite3_sleep(1)
            return attempts < 4000
        }
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA cache_size = -16000")
            // The log and its index stay when the last connection closes. On a full disk they could not be created
            // again, and without them the database cannot even be read.
            var isPersistent: CInt = 1
            sqlite3_file_control(database.sqliteConnection, "main", SQLITE_FCNTL_PERSIST_WAL, &isPersistent)
        }
        return configuration
    }

    /// Applies the missing migrations. When two processes open a new file at once, one of them finds tables that the
    /// other has created; that is not a failure.
    private static func migrate(_ writer: any DatabaseWriter) throws {
        let migrations = Migrations.all
        if try writer.read(migrations.hasBeenSuperseded) {
            throw RegistryError(
                .schemaTooNew,
                "the database was written by a newer version of portctl",
                remedies: [.advice("install that version"), .otherDatabase]
            )
        }
        var applied = -1
        while true {
            do {
                return try migrations.migrate(writer)
            } catch {
                if try writer.read(migrations.hasCompletedMigrations) { return }
                // The other process is still migrating. Retry as long as migrations get applied, by either process.
                let now = try writer.read(migrations.appliedMigrations).count
                guard now > applied else { throw error }
                applied = now
            }
        }
    }

    /// The name of the last applied migration, such as `v1: …`. Throws `storage_failed`.
    package func schemaVersion() throws(RegistryError) -> String {
        do {
            return try writer.read { try Migrations.all.appliedMigrations($0).last ?? "none" }
        } catch {
            throw .storage(error)
        }
    }

    /// Runs `body` in one immediate transaction on the writer connection and trims the journal. Throws `storage_failed`
    /// for every error that is not a `RegistryError`.
    package func write<Value>(_ body: (any RegistryTransaction) throws -> Value) throws -> Value {
        do {
            return try writer.writeWithoutTransaction { database in
                // Taken out while the transaction changes it. After a failed commit it stays `nil`, because its changes
                // may or may not be in the file.
                var index = self.index.withLock { $0.take() } ?? PortIndex()
                var (value, changedIndex): (Value?, PortIndex?)
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
                        changedIndex = transaction.index
                        return .commit
                    }
                } catch {
                    if changedIndex == nil { self.index.withLock { $0 = index } }
                    throw error
                }
                self.index.withLock { $0 = changedIndex }
                return value!
            }
        } catch {
            throw RegistryError.storage(error.shortened)
        }
    }

    /// Moves the content of the write-ahead log into the database file, so that a copy of that file is a copy of the
    /// registry. Call this last. Changes nothing while another program reads the database, or when the file was removed
    /// or replaced: then the log may have the only copy. Failing to do so is no error: the log stays beside the
    /// database, and the next connection reads it.
    package func emptyLog() {
        try? writer.writeWithoutTransaction { database in
            try database.checkFileIsInPlace()
            // In milliseconds. The daemon must not exit later because of others.
            try database.execute(sql: "PRAGMA busy_timeout = 200")
            _ = try Row.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
    }

    /// The path of the write-ahead log of the database at `path`.
    package static func logPath(of path: String) -> String { path + "-wal" }

    /// How many bytes of the log opening a database takes: GRDB writes three frames of 4 KB into an empty log.
    package static let openingSize = 16384

    /// The `data_version` of the writer connection, which its own commits do not change. Throws `storage_failed`.
    package func externalRevision() throws(RegistryError) -> Int64 {
        do {
            return try writer.writeWithoutTransaction { try $0.number("PRAGMA data_version") }
        } catch {
            throw .storage(error.shortened)
        }
    }

    /// Runs `body` on a reader connection's snapshot. Throws `storage_failed` for every error that is not a
    /// `RegistryError`.
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
    /// SQLite's error without the SQL statement that GRDB adds to its description. Errors that the user can act on
    /// become refusals with remedies.
    fileprivate var shortened: any Error {
        guard let error = self as? DatabaseError else { return self }
        if error.resultCode == .SQLITE_BUSY {
            return RegistryError(
                .storageFailed,
                "the database is locked by another program",
                remedies: [.retry, .findDatabase]
            )
        }
        if [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode) {
            return RegistryError(
                .storageFailed,
                "the database is damaged: \(error.message ?? "no details")",
                remedies: [.restart(.recoverDatabase)]
            )
        }
        return DatabaseError(resultCode: error.extendedResultCode, message: error.message)
    }
}

extension Database {
    /// Throws when the database file was removed or replaced: a commit would be acknowledged, and lost when this
    /// process closes the file.
    func checkFileIsInPlace() throws {
        var hasMoved: CInt = 0
        // Databases in memory do not know this operation. They return an error and leave `hasMoved` at 0.
        sqlite3_file_control(sqliteConnection, "main", SQLITE_FCNTL_HAS_MOVED, &hasMoved)
        guard hasMoved == 0 else {
            throw RegistryError(
                .storageFailed,
                "the database file was removed or replaced while it was open",
                remedies: [.restart(.reopenDatabase)]
            )
        }
    }
}
