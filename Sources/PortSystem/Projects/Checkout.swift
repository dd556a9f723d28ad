import PortModel

/// The checkout, or bare repository, around a directory.
struct Checkout {
    /// The directory with `.git`; a bare repository's own directory.
    let directory: String
    /// The physical path of the directory that git keeps its files of this checkout in.
    let gitDirectory: String
    /// Whether `directory` is the repository itself.
    let isBare: Bool

    /// Looks in the physical path `directory` and upwards. A `.git` that leads to no repository is passed by.
    static func around(_ directory: String) -> Checkout? {
        var directory = directory
        while true {
            if let gitDirectory = gitDirectory(in: directory) {
                return Checkout(directory: directory, gitDirectory: gitDirectory, isBare: false)
            }
            // Inside a bare repository, a .git or a .bare.
            if GitDirectory(path: directory).isRepository { return Checkout(directory: directory, gitDirectory: directory, isBare: true) }
            if directory == "/" || directory.isEmpty { return nil }
            directory = FilePaths.parent(of: directory)
        }
    }

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
    /// Without the line's end, which is all that git strips: names may end with spaces.
    fileprivate var trimmedLine: Substring {
        var line = self[...]
        while let last = line.last, last.isNewline { line.removeLast() }
        return line
    }
}
