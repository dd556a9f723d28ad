import PortModel

extension Occupier {
    /// Whether the process may work for the project: it runs in its checkout, or the kernel does not report where, or
    /// it is a daemon that runs in the root directory, which says nothing about its project.
    func mayRun(in project: Project.Directories) -> Bool {
        guard let own = directory, own != "/" || adoptedSince == nil else { return true }
        let path = project.directory
        // A worktree that lies inside the checkout is another project directory.
        if let checkout = place?.checkout, checkout.path != path, checkout.path.hasPrefix(path + "/") { return false }
        return own == path || own.hasPrefix(path == "/" ? "/" : path + "/")
    }
}
