import PortErrors
package import PortModel
package import PortStore
import PortSystem

extension FairFileLock: WriteQueue {}

extension SQLiteStore {
    /// Opens the database at `path` with a write queue for the daemon and embedding programs. Throws as
    /// ``init(path:limits:writeQueue:)`` does, and `storage_failed` where files cannot be locked.
    package convenience init(sharedAt path: String) throws(RegistryError) {
        try Self.checkLocks(at: path)
        // The queue's lock is on the write-ahead log, on which SQLite itself has no locks.
        try self.init(path: path) { log in FairFileLock(path: log) }
    }

    /// Throws `storage_failed` when the file system of the database at `path` does not lock files: SQLite would take it
    /// for a database that another program has locked, or for a damaged disk, and wait for seconds.
    package static func checkLocks(at path: String) throws(RegistryError) {
        do throws(SystemError) {
            try RecordLock.check(besideFileAt: path)
        } catch {
            throw .lockUnavailable(path, error)
        }
    }
}
