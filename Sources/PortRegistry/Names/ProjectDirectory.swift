package import PortModel

/// The directories that an identity was detected from.
package struct ProjectDirectory: Hashable, Sendable {
    /// The directory that identifies the app: the main checkout, also for a linked worktree. Two roots of the same name
    /// are two apps.
    package var root: String
    /// The checkout that the service runs in.
    package var directory: String
    /// What identifies the root after it was renamed; `nil` when it is unknown.
    package var rootIdentity: DirectoryIdentity?

    package init(root: String, directory: String, rootIdentity: DirectoryIdentity? = nil) {
        self.rootIdentity = rootIdentity
        self.root = root
        self.directory = directory
    }
}
