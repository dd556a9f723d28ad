import Libc

/// Restricts the permissions of files to their owner.
package enum FileMode {
    /// Removes all access of other users from the files that this process creates from now on: umask(2) 077.
    package static func restrictNewFiles() { umask(0o077) }

    /// Removes all access of other users from the file at `path`: chmod(2) 0600. Throws the error of chmod(2).
    package static func restrictToOwner(_ path: String) throws(SystemError) {
        guard chmod(path, 0o600) == 0 else { throw .last("chmod", path) }
    }
}
