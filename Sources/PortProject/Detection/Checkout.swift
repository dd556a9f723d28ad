import PortModel
import PortSystem

/// A git checkout, or a bare repository.
struct Checkout {
    /// The directory that contains `.git`; for a bare repository the repository itself.
    let directory: String
    /// The physical path of the directory in which git keeps its files about this checkout. When the link is broken,
    /// the path that it names.
    let gitDirectory: String
    /// Whether `directory` is a bare repository.
    let isBare: Bool
    /// Whether `.git` is a file or a symbolic link that leads to no repository.
    var isBroken = false

    /// Returns the checkout that contains the physical path `directory`; `nil` when there is none. A directory whose
    /// `.git` is a broken link is a checkout too: it belongs to no repository around it. Ignores a `.git` directory
    /// that is no repository, as git does.
    static func around(_ directory: String) -> Checkout? {
        var directory = directory
        while true {
            if let checkout = checkout(at: directory) { return checkout }
            // The directory lies inside a bare repository, a .git or a .bare.
            if GitDirectory(path: directory).isRepository {
                return Checkout(directory: directory, gitDirectory: directory, isBare: true)
            }
            if directory == "/" || directory.isEmpty { return nil }
            directory = FilePaths.parent(of: directory)
        }
    }

    /// Returns the checkout whose `.git` is in `directory`: the git directory itself, or a file that names it after
    /// `gitdir:`.
    private static func checkout(at directory: String) -> Checkout? {
        let path = FilePaths.joined(directory, ".git")
        switch Directory.kind(of: path) {
        case .directory:
            guard let physical = FilePaths.physical(path), GitDirectory(path: physical).isRepository else { return nil }
            return Checkout(directory: directory, gitDirectory: physical, isBare: false)
        case .file:
            let line = SmallFile.pathText(at: path)?.trimmedLine ?? ""
            let name = line.hasPrefix("gitdir:") ? line.dropFirst("gitdir:".count).trimmingSpaces() : ""
            let target = FilePaths.joined(directory, name)
            guard !name.isEmpty, let physical = FilePaths.physical(target),
                GitDirectory(path: physical).isRepository || GitDirectory(path: physical).commonDirectory != nil
            else {
                let gitDirectory = name.isEmpty ? path : target
                return Checkout(directory: directory, gitDirectory: gitDirectory, isBare: false, isBroken: true)
            }
            return Checkout(directory: directory, gitDirectory: physical, isBare: false)
        case .danglingLink:
            let target = FilePaths.joined(directory, Directory.target(ofLink: path) ?? ".git")
            return Checkout(directory: directory, gitDirectory: target, isBare: false, isBroken: true)
        case .other, nil: return nil
        }
    }
}

extension String {
    /// The text without its line end. Git strips nothing else: a path may end with spaces.
    fileprivate var trimmedLine: Substring {
        var line = self[...]
        while let last = line.last, last.isNewline { line.removeLast() }
        return line
    }
}
