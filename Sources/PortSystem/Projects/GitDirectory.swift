import PortModel

/// A directory in which git keeps a repository's files, or those of one linked worktree.
struct GitDirectory {
    let path: String

    /// What git itself asks for before it calls a directory a repository.
    var isRepository: Bool {
        SmallFile.text(at: "\(path)/HEAD") != nil && Directory.exists("\(path)/objects")
            && Directory.exists("\(path)/refs")
    }

    /// The physical path of the repository that a linked worktree belongs to; `nil` when this is no linked worktree's.
    var commonDirectory: String? {
        guard let text = SmallFile.text(at: "\(path)/commondir")?.trimmingSpaces(), !text.isEmpty,
            let common = FilePaths.physical(FilePaths.joined(path, text)), common != path,
            GitDirectory(path: common).isRepository
        else { return nil }
        return common
    }

    /// `core.worktree`, as a submodule's git directory has it; relative to this directory.
    var configuredWorktree: String? {
        var section = ""
        for line in (SmallFile.text(at: "\(path)/config") ?? "").split(whereSeparator: \.isNewline) {
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

    /// Git quotes a value with special characters, and escapes quotes and backslashes.
    private static func unquoted(_ text: String) -> String {
        guard text.hasPrefix("\""), text.hasSuffix("\""), text.count >= 2 else { return text }
        var result = ""
        var isEscaped = false
        for character in text.dropFirst().dropLast() {
            if character == "\\" && !isEscaped {
                isEscaped = true
            } else {
                result.append(character)
                isEscaped = false
            }
        }
        return result
    }
}
