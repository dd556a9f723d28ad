package import PortModel
package import PortStore
import PortSystem

extension FairFileLock: WriteQueue {}

extension SQLiteStore {
    /// Opens the database at `path` as one that the daemon and embedding programs write to, in turns. Throws as
    /// ``init(path:limits:writeQueue:)``.
    package convenience init(sharedAt path: String) throws(RegistryError) {
        // On the log SQLite itself has no locks.
        try self.init(path: path) { log in FairFileLock(path: log) }
    }
}
