import PortAPI
import PortModel
import PortRegistry

extension ProjectDirectory {
    /// The directory in which an app's name was detected; `nil` without a root. Throws `invalid_request`.
    fileprivate init?(root: String?, rootID: String?) throws(RegistryError) {
        guard let root, !root.isEmpty else { return nil }
        try self.init(ProjectDTO(root: root, directory: root, rootID: rootID))
    }
}

extension AllocationQuery {
    /// The directory in which the app's name was detected, if there is one. Throws `invalid_request`.
    var project: ProjectDirectory? {
        get throws(RegistryError) { try ProjectDirectory(root: root, rootID: rootID) }
    }
}

extension ServiceQuery {
    /// The app and instance that a name is relative to; `nil` unless the query has both. Throws `invalid_request`.
    var scope: NameScope? {
        get throws(RegistryError) {
            guard let app, let instance, !app.isEmpty, !instance.isEmpty else { return nil }
            let project = try ProjectDirectory(root: root, rootID: rootID)
            return NameScope(app: app, instance: instance, project: project, isExact: exact == "true")
        }
    }
}
