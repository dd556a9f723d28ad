internal import PortModel

/// What a folder says about the project it belongs to.
package struct DetectedProject: Sendable, Equatable {
    /// The name of the main checkout's folder, made valid as a name.
    package let app: String
    /// Git's own id of the linked worktree, made valid as a name; `main` for everything else.
    package let instance: String
    /// Identifies the app: the physical path of the main checkout, of the bare repository, or of the folder around a
    /// `.bare`; without git the folder itself. The same from every worktree.
    package let root: String
    /// The physical path of the checkout that the folder lies in; without git the folder itself.
    package let folder: String
}

/// Finds the project of a folder by reading git's files. Starts no process, and never looks at the branch: switching
/// branches must not move a port.
package struct ProjectDetector: Sendable {
    package init() {}

    /// The project of the absolute path `folder`. Always has an answer: a folder without git is a project, too.
    package func project(at folder: String) -> DetectedProject {
        let folder = FilePaths.physical(folder) ?? folder
        guard let checkout = Checkout.around(folder) else {
            return DetectedProject(
                app: ProjectName.valid(FilePaths.name(of: folder)),
                instance: Self.mainInstance,
                root: folder,
                folder: folder
            )
        }
        return project(of: checkout)
    }

    /// The checkout that the absolute path `folder` lies in, of a submodule the one around it; `nil` without git.
    package func checkout(around folder: String) -> String? {
        guard let checkout = Checkout.around(FilePaths.physical(folder) ?? folder) else { return nil }
        return superproject(of: checkout)?.folder ?? checkout.folder
    }

    private static let mainInstance = "main"

    private func project(of checkout: Checkout) -> DetectedProject {
        let repository = GitFolder(path: checkout.gitFolder)
        if let common = repository.commonFolder {
            // A linked worktree: git keeps its files in worktrees/ID of the common folder.
            let home = mainHome(ofCommon: common)
            return DetectedProject(
                app: ProjectName.valid(home.name),
                instance: Self.instance(ofWorktree: FilePaths.name(of: checkout.gitFolder)),
                root: home.root,
                folder: checkout.folder
            )
        }
        if let superproject = superproject(of: checkout) {
            // A submodule is a repository of its own, in the instance of the checkout around it.
            return DetectedProject(
                app: ProjectName.valid(FilePaths.name(of: checkout.folder)),
                instance: superproject.instance,
                root: superproject.root + checkout.folder.dropFirst(superproject.folder.count),
                folder: checkout.folder
            )
        }
        let home = checkout.isBare ? mainHome(ofCommon: checkout.gitFolder) : Home(checkout.folder)
        return DetectedProject(
            app: ProjectName.valid(home.name),
            instance: Self.mainInstance,
            root: home.root,
            folder: home.root
        )
    }

    /// What names the app.
    private struct Home {
        var root: String
        var name: String

        /// The folder itself.
        init(_ root: String) { self.init(root: root, name: FilePaths.name(of: root)) }

        init(root: String, name: String) {
            self.root = root
            self.name = name
        }
    }

    /// The main checkout of a common git folder, or what stands for it when the repository is bare.
    private func mainHome(ofCommon common: String) -> Home {
        let name = FilePaths.name(of: common)
        if name == ".git" || name == ".bare" { return Home(FilePaths.parent(of: common)) }
        if let worktree = GitFolder(path: common).configuredWorktree,
            let path = FilePaths.physical(FilePaths.joined(common, worktree)),
            // Believed only when that folder says the same, which also keeps the two from sending us in circles.
            let main = Checkout.around(path), main.gitFolder == common, !main.isBare
        {
            let project = project(of: main)
            return Home(root: project.root, name: project.app)
        }
        return Home(root: common, name: name.hasSuffix(".git") ? String(name.dropLast(4)) : name)
    }

    /// The project around a submodule; `nil` when `checkout` is none.
    private func superproject(of checkout: Checkout) -> DetectedProject? {
        guard checkout.gitFolder.split(separator: "/").dropLast().contains("modules"), !checkout.isBare,
            checkout.folder != "/", let outer = Checkout.around(FilePaths.parent(of: checkout.folder)),
            // Its git folder lies inside the one of the checkout around it.
            checkout.gitFolder.hasPrefix(outer.gitFolder + "/modules/")
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
