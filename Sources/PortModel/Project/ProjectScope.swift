/// The project in which a name is looked up first.
package struct ProjectScope: Hashable, Sendable {
    package var project: Project
    /// Whether the name can only mean a service of this project, because its app or instance was spelled out.
    package var isExact: Bool

    package init(_ project: Project, isExact: Bool = false) {
        self.project = project
        self.isExact = isExact
    }

    /// The same scope for names that can only mean the project's own services.
    package var exact: ProjectScope { ProjectScope(project, isExact: true) }
}
