package import PortModel
package import PortStore
import PortSystem

extension FairFileLock: WriteQueue {}

extension SQLiteStore {
    /// Opens the database at `path` with a write queue for the daemon and embedding programs. Throws as
    /// ``init(path:limits:writeQueue:)`` does.
    package convenience init(sharedAt path: String) throws(RegistryError) {
        // The queue's lock is on the write-ahead log, on which SQLite itself has no locks.
        try self.init(path: path) { log in FairFileLock(path: log) }
    }
}
