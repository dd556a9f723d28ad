package import PortModel

/// The project of a directory, as git's files define it.
package struct DetectedProject: Sendable, Equatable {
    /// The name of the directory of the main checkout, changed into a valid name.
    package let app: String
    /// Git's id of the linked worktree, changed into a valid name; `main` outside linked worktrees.
    package let instance: String
    /// The path that identifies the app: the physical path of the main checkout, of the bare repository, or of the
    /// directory that contains `.bare`; without git the directory itself. All worktrees have the same root.
    package let root: String
    /// The physical path of the checkout that contains the directory; without git the directory itself.
    package let directory: String
    /// Whether the directory is in a git repository, or has a broken link to one; otherwise it is a project only for
    /// want of a better one.
    package var isRepository = true
    /// What identifies ``root`` after it was renamed; `nil` when it cannot be read.
    package var rootIdentity: DirectoryIdentity? { DirectoryIdentity(ofDirectory: root) }
    /// The link of ``directory`` to its repository, when it is broken: the directory is a project of its own then.
    package var brokenLink: BrokenGitLink?
}
