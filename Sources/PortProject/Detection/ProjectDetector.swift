package import PortModel
import PortSystem

/// Detects the project of a directory by reading git's files, without starting a process. Ignores the branch, because
/// switching branches must not change a port.
package struct ProjectDetector: Sendable {
    package init() {}

    /// Returns the project of the absolute path `directory`. A directory outside git is a project itself. Its
    /// directories are never `nil`.
    package func project(at directory: String) -> Project {
        let directory = FilePaths.physical(directory) ?? directory
        return Checkout.around(directory).map { Project(place(of: $0)) } ?? Project(place(outsideGit: directory))
    }

    /// Returns the project as ``project(at:)`` does, and the directory of the checkout that contains the absolute path
    /// `directory`; for a submodule, that of the checkout around it. The checkout is `nil` outside git.
    package func detect(at directory: String) -> (project: Project, checkout: String?) {
        let directory = FilePaths.physical(directory) ?? directory
        guard let checkout = Checkout.around(directory) else {
            return (Project(place(outsideGit: directory)), nil)
        }
        return (Project(place(of: checkout)), superproject(of: checkout)?.directory ?? checkout.directory)
    }

    /// A project while it is detected, without what takes further system calls.
    fileprivate struct Place {
        var app: String
        var instance: String
        var root: String
        var directory: String
        var isRepository = true
        var brokenLink: BrokenGitLink?
    }

    private func place(outsideGit directory: String) -> Place {
        Place(
            app: ProjectName.valid(FilePaths.name(of: directory)),
            instance: Project.mainInstance,
            root: directory,
            directory: directory,
            isRepository: false
        )
    }

    private func place(of checkout: Checkout) -> Place {
        if checkout.isBroken {
            return Place(
                app: ProjectName.valid(FilePaths.name(of: checkout.directory)),
                instance: Project.mainInstance,
                root: checkout.directory,
                directory: checkout.directory,
                brokenLink: BrokenGitLink(
                    path: FilePaths.joined(checkout.directory, ".git"),
                    target: checkout.gitDirectory
                )
            )
        }
        let repository = GitDirectory(path: checkout.gitDirectory)
        if let common = repository.commonDirectory {
            // A linked worktree: git keeps its files in worktrees/ID of the common directory.
            let source = appSource(ofCommonDirectory: common)
            return Place(
                app: ProjectName.valid(source.name),
                instance: Self.instance(ofWorktree: FilePaths.name(of: checkout.gitDirectory)),
                root: source.root,
                directory: checkout.directory
            )
        }
        if let superproject = superproject(of: checkout) {
            // A submodule is an app of its own, with the instance of the checkout around it.
            return Place(
                app: ProjectName.valid(FilePaths.name(of: checkout.directory)),
                instance: superproject.instance,
                root: superproject.root + checkout.directory.dropFirst(superproject.directory.count),
                directory: checkout.directory
            )
        }
        let source =
            checkout.isBare ? appSource(ofCommonDirectory: checkout.gitDirectory) : AppSource(checkout.directory)
        return Place(
            app: ProjectName.valid(source.name),
            instance: Project.mainInstance,
            root: source.root,
            directory: source.root
        )
    }

    /// The root of an app, and the name that the app's name is made from.
    private struct AppSource {
        var root: String
        var name: String

        /// Names the app after its root.
        init(_ root: String) { self.init(root: root, name: FilePaths.name(of: root)) }

        init(root: String, name: String) {
            self.root = root
            self.name = name
        }
    }

    /// Returns the main checkout of the common git directory `common`; for a bare repository, the repository or the
    /// directory that contains `.bare`.
    private func appSource(ofCommonDirectory common: String) -> AppSource {
        let name = FilePaths.name(of: common)
        if name == ".git" || name == ".bare" { return AppSource(FilePaths.parent(of: common)) }
        if let worktree = GitDirectory(path: common).configuredWorktree,
            let path = FilePaths.physical(FilePaths.joined(common, worktree)),
            // Follow core.worktree only if that checkout leads back to this directory; this also prevents endless
            // recursion between the two.
            let main = Checkout.around(path), main.gitDirectory == common, !main.isBare
        {
            let place = place(of: main)
            return AppSource(root: place.root, name: place.app)
        }
        return AppSource(root: common, name: name.hasSuffix(".git") ? String(name.dropLast(4)) : name)
    }

    /// Returns the project of the checkout around a submodule; `nil` unless `checkout` is a submodule.
    private func superproject(of checkout: Checkout) -> Place? {
        guard checkout.gitDirectory.split(separator: "/").dropLast().contains("modules"), !checkout.isBare,
            !checkout.isBroken,
            checkout.directory != "/", let outer = Checkout.around(FilePaths.parent(of: checkout.directory)),
            // The git directory of a submodule lies inside that of the checkout around it.
            checkout.gitDirectory.hasPrefix(outer.gitDirectory + "/modules/")
        else { return nil }
        return place(of: outer)
    }

    /// Returns the instance for git's id of a worktree. Appends `-worktree` to `main`, `main-worktree` and so on:
    /// `main` is the instance of the main checkout, and different ids must stay different.
    private static func instance(ofWorktree id: String) -> String {
        var rest = id[...]
        while rest.hasSuffix("-worktree") { rest = rest.dropLast("-worktree".count) }
        return ProjectName.valid(rest == Project.mainInstance ? "\(id)-worktree" : id)
    }
}

extension Project {
    /// Reads what identifies the root.
    fileprivate init(_ place: ProjectDetector.Place) {
        self.init(
            app: place.app,
            instance: place.instance,
            directories: Directories(
                root: place.root,
                directory: place.directory,
                rootIdentity: DirectoryIdentity(ofDirectory: place.root),
                stamp: place.directory == place.root ? nil : DirectoryStamp(ofDirectory: place.directory),
                isRepository: place.isRepository,
                brokenLink: place.brokenLink
            )
        )
    }
}
