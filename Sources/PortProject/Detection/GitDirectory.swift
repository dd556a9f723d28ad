import PortModel
import PortSystem

/// A directory in which git keeps the files of a repository or of one linked worktree; gitrepository-layout(5).
struct GitDirectory {
    let path: String

    /// Whether the directory is a repository: the same test that git makes.
    var isRepository: Bool {
        SmallFile.pathText(at: "\(path)/HEAD") != nil && Directory.exists("\(path)/objects")
            && Directory.exists("\(path)/refs")
    }

    /// The physical path of the repository that a linked worktree belongs to; `nil` unless this is the directory of a
    /// linked worktree.
    var commonDirectory: String? {
        guard let text = SmallFile.pathText(at: "\(path)/commondir")?.trimmingSpaces(), !text.isEmpty,
            let common = FilePaths.physical(FilePaths.joined(path, text)), common != path,
            GitDirectory(path: common).isRepository
        else { return nil }
        return common
    }

    /// The value of `core.worktree`, which git sets for submodules; a path relative to this directory. `nil` when it is
    /// not set.
    var configuredWorktree: String? {
        var section = ""
        for line in (SmallFile.pathText(at: "\(path)/config") ?? "").split(whereSeparator: \.isNewline) {
            let line = line.trimmingSpaces()
            if line.hasPrefix("[") {
                section = line.prefix { $0 != "]" }.dropFirst().lowercased()
            } else if section == "core", let equals = line.firstIndex(of: "="),
                line[..<equals].trimmingSpaces().lowercased() == "worktree"
            {
                return Self.unquoted(line[line.index(after: equals)...].trimmingSpaces())
            }
        }
        return nil
    }

    /// Removes the quotes and escapes with which git writes a value that contains special characters.
    private static func unquoted(_ text: String) -> String {
        guard text.hasPrefix("\""), text.hasSuffix("\""), text.count >= 2 else { return text }
        var result = ""
        var isEscaped = false
        for character in text.dropFirst().dropLast() {
            if character == "\\" && !isEscaped {
                isEscaped = true
            } else {
                // Git has no escape with an x: this is a byte that PathText spells.
                if isEscaped && character == "x" { result.append("\\") }
                result.append(character)
                isEscaped = false
            }
        }
        return result
    }
}
