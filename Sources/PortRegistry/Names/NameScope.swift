/// The app and instance that a name belongs to, unless it is a path.
package struct NameScope: Hashable, Sendable {
    package var app: String
    package var instance: String
    /// Where the app name was detected; `nil` when it was spelled out.
    package var project: ProjectDirectory?
    /// Whether the name can only mean a service of this app and instance, because one of the two was spelled out.
    package var isExact: Bool

    package init(app: String, instance: String, project: ProjectDirectory?, isExact: Bool = false) {
        self.app = app
        self.instance = instance
        self.project = project
        self.isExact = isExact
    }
}
