internal import PortModel

/// The checkout, or bare repository, around a folder.
struct Checkout {
    /// The folder with `.git`; a bare repository's own folder.
    let folder: String
    /// The physical path of the folder that git keeps its files of this checkout in.
    let gitFolder: String
    /// Whether `folder` is the repository itself.
    let isBare: Bool

    /// Looks in the physical path `folder` and upwards. A `.git` that leads to no repository is passed by.
    static func around(_ folder: String) -> Checkout? {
        var folder = folder
        while true {
            if let gitFolder = gitFolder(in: folder) {
                return Checkout(folder: folder, gitFolder: gitFolder, isBare: false)
            }
            // Inside a bare repository, a .git or a .bare.
            if GitFolder(path: folder).isRepository { return Checkout(folder: folder, gitFolder: folder, isBare: true) }
            if folder == "/" || folder.isEmpty { return nil }
            folder = FilePaths.parent(of: folder)
        }
    }

    private static func gitFolder(in folder: String) -> String? {
        let path = FilePaths.joined(folder, ".git")
        if CurrentProcess.folderExists(path) {
            guard let physical = FilePaths.physical(path), GitFolder(path: physical).isRepository else { return nil }
            return physical
        }
        guard let line = SmallFile.text(at: path)?.trimmedLine, line.hasPrefix("gitdir:"),
            let physical = FilePaths.physical(
                FilePaths.joined(folder, line.dropFirst("gitdir:".count).trimmingSpaces())
            ),
            GitFolder(path: physical).isRepository || GitFolder(path: physical).commonFolder != nil
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
