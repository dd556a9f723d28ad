/// The project around a directory, as detected from git and the names of directories.
package struct SurroundingProject: Hashable, Sendable {
    /// The main checkout's name.
    package var app: String
    package var instance: String
    /// The directory that identifies the app, as ``ProjectDirectory/root``.
    package var root: String

    package init(app: String, instance: String, root: String) {
        self.app = app
        self.instance = instance
        self.root = root
    }
}
