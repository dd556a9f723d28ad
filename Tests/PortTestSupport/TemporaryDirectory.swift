import Foundation

/// A directory of this user alone, removed together with this value. Its path has no symbolic links.
package final class TemporaryDirectory: Sendable {
    package let root: String

    /// - Parameter parent: Where the directory is created. Choose `/tmp` for a directory that will contain a Unix
    ///   domain socket, because the path of a socket has at most 107 bytes.
    package init(in parent: String = FileManager.default.temporaryDirectory.path) throws {
        let url = URL(filePath: parent).resolvingSymlinksInPath().appending(path: "pct-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(
            at: url,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        root = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    /// Returns the absolute path of `relative`, which need not exist.
    package func path(_ relative: String) -> String { "\(root)/\(relative)" }

    /// Creates a directory, and those above it that are missing. Returns its absolute path.
    @discardableResult
    package func makeDirectory(_ relative: String) throws -> String {
        try FileManager.default.createDirectory(atPath: path(relative), withIntermediateDirectories: true)
        return path(relative)
    }

    /// Writes a file, and replaces one that exists.
    package func write(_ text: String, to file: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path(file)))
    }
}
