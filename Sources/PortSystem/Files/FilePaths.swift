import Libc

/// Operations on paths as text, spelled as ``PathText`` describes.
package enum FilePaths {
    /// Returns the absolute path without symbolic links, `.` and `..`; `nil` when nothing exists at `path`.
    /// realpath(3).
    package static func physical(_ path: String) -> String? {
        guard let result = realpath(PathText.bytes(of: path), nil) else { return nil }
        defer { free(result) }
        return PathText.path(result)
    }

    /// Returns `path` relative to `directory`, or `path` itself when it is absolute.
    package static func joined(_ directory: String, _ path: String) -> String {
        if path.hasPrefix("/") { return path }
        return directory.hasSuffix("/") ? directory + path : "\(directory)/\(path)"
    }

    /// Returns the last component of `path`; empty for `/`.
    package static func name(of path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? ""
    }

    /// Returns the absolute `path` without its last component; `/` for `/` itself.
    package static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return "/" }
        return String(path[..<slash])
    }

    /// Returns the absolute path `directory` and those above it, nearest first, up to `/`.
    package static func ancestors(of directory: String) -> [String] {
        var paths = [directory]
        while let last = paths.last, last != "/", !last.isEmpty { paths.append(parent(of: last)) }
        return paths
    }
}
