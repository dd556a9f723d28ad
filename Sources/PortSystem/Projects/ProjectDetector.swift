import PortModel

/// Finds the project of a directory by reading git's files. Starts no process, and never looks at the branch: switching
/// branches must not move a port.
package struct ProjectDetector: Sendable {
    package init() {}

    /// The project of the absolute path `directory`. Always has an answer: a directory without git is a project, too.
    package func project(at directory: String) -> DetectedProject {
        let directory = FilePaths.physical(directory) ?? directory
        guard let checkout = Checkout.around(directory) else {
            return DetectedProject(
                app: ProjectName.valid(FilePaths.name(of: directory)),
                instance: Self.mainInstance,
                root: directory,
                directory: directory
            )
        }
        return project(of: checkout)
    }

    /// The checkout that the absolute path `directory` lies in, of a submodule the one around it; `nil` without git.
    package func checkout(around directory: String) -> String? {
        guard let checkout = Checkout.around(FilePaths.physical(directory) ?? directory) else { return nil }
        return superproject(of: checkout)?.directory ?? checkout.directory
    }

    private static let mainInstance = "main"

    private func project(of checkout: Checkout) -> DetectedProject {
        let repository = GitDirectory(path: checkout.gitDirectory)
        if let common = repository.commonDirectory {
            // A linked worktree: git keeps its files in worktrees/ID of the common directory.
            let home = mainHome(ofCommon: common)
            return DetectedProject(
                app: ProjectName.valid(home.name),
                instance: Self.instance(ofWorktree: FilePaths.name(of: checkout.gitDirectory)),
                root: home.root,
                directory: checkout.directory
            )
        }
        if let superproject = superproject(of: checkout) {
            // A submodule is a repository of its own, in the instance of the checkout around it.
            return DetectedProject(
                app: ProjectName.valid(FilePaths.name(of: checkout.directory)),
                instance: superproject.instance,
                root: superproject.root + checkout.directory.dropFirst(superproject.directory.count),
                directory: checkout.directory
            )
        }
        let home = checkout.isBare ? mainHome(ofCommon: checkout.gitDirectory) : Home(checkout.directory)
        return DetectedProject(
            app: ProjectName.valid(home.name),
            instance: Self.mainInstance,
            root: home.root,
            directory: home.root
        )
    }

    /// What names the app.
    private struct Home {
        var root: String
        var name: String

        /// The directory itself.
        init(_ root: String) { self.init(root: root, name: FilePaths.name(of: root)) }

        init(root: String, name: String) {
            self.root = root
            self.name = name
        }
    }

    /// The main checkout of a common git directory, or what stands for it when the repository is bare.
    private func mainHome(ofCommon common: String) -> Home {
        let name = FilePaths.name(of: common)
        if name == ".git" || name == ".bare" { return Home(FilePaths.parent(of: common)) }
        if let worktree = GitDirectory(path: common).configuredWorktree,
            let path = FilePaths.physical(FilePaths.joined(common, worktree)),
            // Believed only when that directory says the same, which also keeps the two from sending us in circles.
            let main = Checkout.around(path), main.gitDirectory == common, !main.isBare
        {
            let project = project(of: main)
            return Home(root: project.root, name: project.app)
        }
        return Home(root: common, name: name.hasSuffix(".git") ? String(name.dropLast(4)) : name)
    }

    /// The project around a submodule; `nil` when `checkout` is none.
    private func superproject(of checkout: Checkout) -> DetectedProject? {
        guard checkout.gitDirectory.split(separator: "/").dropLast().contains("modules"), !checkout.isBare,
            checkout.directory != "/", let outer = Checkout.around(FilePaths.parent(of: checkout.directory)),
            // Its git directory lies inside the one of the checkout around it.
            checkout.gitDirectory.hasPrefix(outer.gitDirectory + "/modules/")
        else { return nil }
        return project(of: outer)
    }

    /// Git's id, moved out of the way of the main checkout's `main` without two ids becoming one.
    private static func instance(ofWorktree id: String) -> String {
        var rest = id[...]
        while rest.hasSuffix("-worktree") { rest = rest.dropLast("-worktree".count) }
        return ProjectName.valid(rest == mainInstance ? "\(id)-worktree" : id)
    }
}
