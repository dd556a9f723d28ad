import PortModel

/// The directories of a detected project, which always has them.
extension Project {
    var root: String { directories!.root }
    var directory: String { directories!.directory }
    var rootIdentity: DirectoryIdentity? { directories!.rootIdentity }
    var isRepository: Bool { directories!.isRepository }
    var brokenLink: BrokenGitLink? { directories!.brokenLink }
}
