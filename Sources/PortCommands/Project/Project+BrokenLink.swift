import PortModel
import PortProject

extension Project {
    /// Prints a warning when the directory has a link to a repository that is broken, and how to mend it.
    func explainBrokenLink() {
        guard let directories, let brokenLink = directories.brokenLink else { return }
        let place = directories.directory
        let (path, target) = (brokenLink.path.oneLine, brokenLink.target.oneLine)
        let leads = path == target ? "names no repository" : "leads to \(target), which is no repository"
        Output.note("warning: \(path) \(leads): \(place.oneLine) is a project of its own, \"\(app)\"")
        if let worktree = brokenLink.repairableWorktree {
            Output.note("  if its repository was moved, run there: git worktree repair \(worktree.shellQuoted)")
        } else if brokenLink.isPruned {
            Output.note("  its repository has dropped this worktree; \"git worktree add\" makes another one")
        }
    }
}
