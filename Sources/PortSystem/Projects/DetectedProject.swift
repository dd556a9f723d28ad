import PortModel

/// What a directory says about the project it belongs to.
package struct DetectedProject: Sendable, Equatable {
    /// The name of the main checkout's directory, made valid as a name.
    package let app: String
    /// Git's own id of the linked worktree, made valid as a name; `main` for everything else.
    package let instance: String
    /// Identifies the app: the physical path of the main checkout, of the bare repository, or of the directory around a
    /// `.bare`; without git the directory itself. The same from every worktree.
    package let root: String
    /// The physical path of the checkout that the directory lies in; without git the directory itself.
    package let directory: String
}
