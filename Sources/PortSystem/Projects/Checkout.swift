import PortModel

/// A git checkout, or a bare repository.
struct Checkout {
    /// The directory that contains `.git`; for a bare repository the repository itself.
    let directory: String
    /// The physical path of the directory in which git keeps its files about this checkout.
    let gitDirectory: String
    /// Whether `directory` is a bare repository.
    let isBare: Bool

    /// Returns the checkout that contains the physical path `directory`; `nil` when there is none. Ignores a `.git`
    /// that does not lead to a repository.
    static func around(_ directory: String) -> Checkout? {
        var directory = directory
        while true {
            if let gitDirectory = gitDirectory(in: directory) {
                return Checkout(directory: directory, gitDirectory: gitDirectory, isBare: false)
            }
            // The directory lies inside a bare repository, a .git or a .bare.
            if GitDirectory(path: directory).isRepository {
                return Checkout(directory: directory, gitDirectory: directory, isBare: true)
            }
            if directory == "/" || directory.isEmpty { return nil }
            directory = FilePaths.parent(of: directory)
        }
    }

    /// Returns the git directory that `.git` in `directory` is, or that it names after `gitdir:` if it is a file.
    private static func gitDirectory(in directory: String) -> String? {
        let path = FilePaths.joined(directory, ".git")
        if Directory.exists(path) {
            guard let physical = FilePaths.physical(path), GitDirectory(path: physical).isRepository else { return nil }
            return physical
        }
        guard let line = SmallFile.text(at: path)?.trimmedLine, line.hasPrefix("gitdir:"),
            let physical = FilePaths.physical(
                FilePaths.joined(directory, line.dropFirst("gitdir:".count).trimmingSpaces())
            ),
            GitDirectory(path: physical).isRepository || GitDirectory(path: physical).commonDirectory != nil
        else { return nil }
        return physical
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
