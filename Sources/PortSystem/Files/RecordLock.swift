import Libc

/// Locks on parts of a file, with which SQLite orders its readers and writers: fcntl(2).
package enum RecordLock {
    /// Tries to lock a new file in the directory of the file at `path`, and removes it. Throws the error of fcntl(2)
    /// when the file system has no such locks; other failures, such as a full disk, are no answer.
    package static func check(besideFileAt path: String) throws(SystemError) {
        let probe = "\(path).locks"
        unlink(probe)
        let number = open(probe, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard number >= 0 else { return }
        let descriptor = FileDescriptor(owning: number)
        defer { unlink(probe) }
        var request = flock()
        request.l_type = Int16(F_WRLCK)
        request.l_whence = Int16(SEEK_SET)
        request.l_len = 1
        do throws(SystemError) {
            try retrying("fcntl", path) { fcntl(descriptor.number, F_SETLK, &request) }
        } catch {
            if error.isLackOfLocks { throw error }
        }
    }
}
