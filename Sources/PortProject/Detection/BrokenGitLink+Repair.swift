package import PortModel
import PortSystem

extension BrokenGitLink {
    /// The directory that git's command `worktree repair` mends the link of, when that command is given in the
    /// repository; `nil` unless it is the link of a worktree whose repository is not at the place that it names.
    package var repairableWorktree: String? {
        guard let repository, !GitDirectory(path: repository).isRepository else { return nil }
        return FilePaths.parent(of: path)
    }

    /// Whether the repository is there but knows no such worktree: git has dropped it, and cannot repair the link.
    package var isPruned: Bool { repository.map { GitDirectory(path: $0).isRepository } ?? false }

    /// The repository of the linked worktree, from the target `REPOSITORY/worktrees/ID`.
    private var repository: String? {
        let directory = FilePaths.parent(of: target)
        return FilePaths.name(of: directory) == "worktrees" ? FilePaths.parent(of: directory) : nil
    }
}
