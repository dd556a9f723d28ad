import Libc

/// The permissions of files.
package enum FileMode {
    /// umask(2) 077: files made from now on are closed to other users.
    package static func restrictNewFiles() { umask(0o077) }

    /// chmod(2) 0600: closes the file at `path` to other users. Throws what chmod(2) reports.
    package static func restrictToOwner(_ path: String) throws(SystemError) {
        guard chmod(path, 0o600) == 0 else { throw .last("chmod", path) }
    }
}
