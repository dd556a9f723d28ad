/// A `.git` file or symbolic link that leads to no repository: the repository was moved, is not mounted in this
/// container, or has dropped the worktree.
package struct BrokenGitLink: Hashable, Sendable {
    /// The path of the `.git` file or link.
    package let path: String
    /// The path that it leads to; its own path when it names none.
    package let target: String

    package init(path: String, target: String) {
        self.path = path
        self.target = target
    }
}
