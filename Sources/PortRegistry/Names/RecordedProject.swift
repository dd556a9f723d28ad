package import PortModel

/// A detected app name, and the root directory that has it.
package struct RecordedProject: Hashable, Sendable {
    package var app: String
    package var root: String
    /// What identified the root when the project last asked for a port; `nil` when that is unknown.
    package var rootIdentity: DirectoryIdentity?

    package init(app: String, root: String, rootIdentity: DirectoryIdentity? = nil) {
        self.app = app
        self.root = root
        self.rootIdentity = rootIdentity
    }
}
