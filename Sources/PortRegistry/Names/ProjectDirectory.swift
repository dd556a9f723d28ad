import PortModel

/// The directories an identity was detected from.
package struct ProjectDirectory: Hashable, Sendable {
    /// Identifies the app: the main checkout, also from a linked worktree. Two roots of one name are two apps.
    package var root: String
    /// The checkout the service runs in.
    package var directory: String

    package init(root: String, directory: String) {
        self.root = root
        self.directory = directory
    }
}
