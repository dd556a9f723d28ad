/// The project and instance in which a name was spoken.
package struct NameScope: Hashable, Sendable {
    package var app: String
    package var instance: String
    /// Where the app's name was detected; `nil` when it was spelled out.
    package var project: ProjectDirectory?
    /// Whether no other service on the machine will do: app or instance were spelled out.
    package var isExact: Bool

    package init(app: String, instance: String, project: ProjectDirectory?, isExact: Bool = false) {
        self.app = app
        self.instance = instance
        self.project = project
        self.isExact = isExact
    }
}
