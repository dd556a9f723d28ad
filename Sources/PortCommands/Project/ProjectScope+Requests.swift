import PortAPI
import PortModel

extension ProjectScope {
    /// The app of requests.
    var app: String { project.app }

    /// The instance of requests.
    var instance: String { project.instance }

    /// The detected directories of requests; `nil` when the app was given by name.
    var directories: ProjectDTO? { project.directories.map(ProjectDTO.init) }

    /// The project in which the daemon looks a service up first.
    var scope: ServiceQuery {
        ServiceQuery(app: app, instance: instance, project: directories, isExact: isExact)
    }
}

extension ProjectDTO {
    fileprivate init(_ directories: Project.Directories) {
        self.init(
            root: directories.root,
            directory: directories.directory,
            rootID: directories.rootIdentity?.description,
            directoryID: directories.root == directories.directory ? nil : directories.stamp?.description
        )
    }
}
