/// What a directory says of the project around it.
package struct SurroundingProject: Hashable, Sendable {
    /// The main checkout's name.
    package var app: String
    package var instance: String
    /// Identifies the app, as ``ProjectDirectory/root``.
    package var root: String

    package init(app: String, instance: String, root: String) {
        self.app = app
        self.instance = instance
        self.root = root
    }
}
