import PortAPI
import PortModel
import PortRegistry

extension Project.Directories {
    /// The directory in which an app's name was detected; `nil` without a root. Throws `invalid_request`.
    fileprivate init?(root: String?, rootID: String?) throws(RegistryError) {
        guard let root, !root.isEmpty else { return nil }
        try self.init(ProjectDTO(root: root, directory: root, rootID: rootID))
    }
}

extension AllocationQuery {
    /// The directory in which the app's name was detected, if there is one. Throws `invalid_request`.
    var project: Project.Directories? {
        get throws(RegistryError) { try Project.Directories(root: root, rootID: rootID) }
    }
}

extension WaitRequestBody {
    /// The app and instance that the names are relative to; `nil` unless the body has both. Throws `invalid_request`.
    var scope: ProjectScope? {
        get throws(RegistryError) {
            guard let app, let instance, !app.isEmpty, !instance.isEmpty else { return nil }
            let directories = try project.map { body throws(RegistryError) in try Project.Directories(body) }
            return ProjectScope(
                Project(app: app, instance: instance, directories: directories),
                isExact: exact ?? false
            )
        }
    }
}

extension VerdictQuery {
    /// The project that is asked for. Throws `invalid_request` without its names, or for malformed directories.
    var scope: ProjectScope {
        get throws(RegistryError) {
            guard let app, let instance, !app.isEmpty, !instance.isEmpty else {
                throw RegistryError(
                    .invalidRequest,
                    "app and instance are required: a verdict is for a project",
                    subject: "app"
                )
            }
            var directories: Project.Directories?
            if let root, !root.isEmpty {
                directories = try Project.Directories(
                    ProjectDTO(root: root, directory: directory ?? root, rootID: rootID)
                )
            } else if directory != nil {
                throw RegistryError(.invalidRequest, "folder is of no use without root", subject: "folder")
            }
            return ProjectScope(Project(app: app, instance: instance, directories: directories))
        }
    }
}

extension ServiceQuery {
    /// The app and instance that a name is relative to; `nil` unless the query has both. Throws `invalid_request`.
    var scope: ProjectScope? {
        get throws(RegistryError) {
            guard let app, let instance, !app.isEmpty, !instance.isEmpty else { return nil }
            let directories = try Project.Directories(root: root, rootID: rootID)
            return ProjectScope(
                Project(app: app, instance: instance, directories: directories),
                isExact: exact == "true"
            )
        }
    }
}
