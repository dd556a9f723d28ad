import Logging
import PortHost
import PortModel
import PortStore
import PortSystem

extension Daemon {
    /// The open database, and what was recovered from a damaged one.
    struct Database {
        let path: String
        let store: SQLiteStore
        /// The name of the newest migration.
        let schema: String
        /// `nil` when the database was intact.
        let recovery: String?
    }

    /// Opens the configured database, after recovering it if it is damaged. Throws `insecure_path` when something other
    /// than a file of this user is there, `schema_too_new` and `storage_failed`.
    func openDatabase() throws -> Database {
        let path = settings.registry.databasePath
        if let fault = PrivateFile.fault(at: path) {
            throw RegistryError(
                .insecurePath,
                "the database \(path) cannot be used: \(fault)",
                subject: path,
                remedies: PrivateFile.isLink(path)
                    ? [.advice("links are refused: name the file itself with the setting db")] : [.otherDatabase]
            )
        }
        try SQLiteStore.checkLocks(at: path)
        let recovery = try DatabaseRecovery(path: path, isOurs: path == home.databasePath).recoverIfNeeded()
        if let recovery { logger.error("\(recovery)") }
        let store = try SQLiteStore(sharedAt: path)
        return Database(
            path: path,
            store: store,
            schema: try store.schemaVersion(),
            recovery: recovery?.description
        )
    }
}
