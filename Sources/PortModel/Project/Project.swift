/// A project of this machine: what its services are called by, and where it is.
package struct Project: Hashable, Sendable {
    /// The first part of the identities of its services. A detected name is that of the directory of the main checkout,
    /// changed into a valid name; the registry may know the project by another one.
    package var app: String
    /// The second part. Detected, it is git's id of the linked worktree; `main` outside linked worktrees.
    package var instance: String
    /// Where it was detected; `nil` when the names were spelled out.
    package var directories: Directories?

    /// The instance of everything outside linked worktrees.
    package static let mainInstance = "main"

    package init(app: String, instance: String, directories: Directories? = nil) {
        self.app = app
        self.instance = instance
        self.directories = directories
    }

    /// The directories that a project was detected from.
    package struct Directories: Hashable, Sendable {
        /// The path that identifies the app: the physical path of the main checkout, of the bare repository, or of the
        /// directory that contains `.bare`; without git the directory itself. All worktrees have the same root; two
        /// roots of the same name are two apps.
        package var root: String
        /// The physical path of the checkout; without git the directory itself.
        package var directory: String
        /// What identifies ``root`` after it was renamed; `nil` when it is unknown.
        package var rootIdentity: DirectoryIdentity?
        /// What distinguishes ``directory`` from a later one at its path; `nil` when it is unknown.
        package var stamp: DirectoryStamp?
        /// Whether the directory is in a git repository, or has a broken link to one; otherwise it is a project only
        /// for want of a better one.
        package var isRepository: Bool
        /// The link of ``directory`` to its repository, when it is broken: the directory is a project of its own then.
        package var brokenLink: BrokenGitLink?

        /// Creates the directories. Without a stamp, it is that of the root if both are one directory.
        package init(
            root: String,
            directory: String,
            rootIdentity: DirectoryIdentity? = nil,
            stamp: DirectoryStamp? = nil,
            isRepository: Bool = true,
            brokenLink: BrokenGitLink? = nil
        ) {
            self.root = root
            self.directory = directory
            self.rootIdentity = rootIdentity
            self.stamp = stamp ?? (root == directory ? rootIdentity?.stamp : nil)
            self.isRepository = isRepository
            self.brokenLink = brokenLink
        }
    }
}
