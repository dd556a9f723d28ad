package import PortModel

/// The project around a directory, as detected from git and the names of directories.
package struct SurroundingProject: Hashable, Sendable {
    /// The main checkout's name.
    package var app: String
    package var instance: String
    /// The directory that identifies the app, as ``ProjectDirectory/root``.
    package var root: String
    /// Whether it is a git repository, and not just any directory.
    package var isRepository: Bool
    /// What identifies the root after it was renamed; `nil` when it is unknown.
    package var rootIdentity: DirectoryIdentity?

    package init(
        app: String,
        instance: String,
        root: String,
        isRepository: Bool = true,
        rootIdentity: DirectoryIdentity? = nil
    ) {
        self.isRepository = isRepository
        self.rootIdentity = rootIdentity
        self.app = app
        self.instance = instance
        self.root = root
    }
}
