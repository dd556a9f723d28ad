/// The project that is asked about.
package struct VerdictQuery: QueryParameters {
    /// The names of the project.
    package var app: String?
    package var instance: String?
    /// The directory in which `app` was detected, and what identifies it after it was renamed.
    package var root: String?
    package var rootID: String?
    /// The directory of the project's checkout.
    package var directory: String?
    /// Through which a port is reached: `localhost`, which it is without a value, or a numeric address.
    package var address: String?

    /// Creates the query that a client sends. `project`: the directories in which `app` was detected.
    package init(app: String, instance: String, project: ProjectDTO?, address: String?) {
        self.app = app
        self.instance = instance
        root = project?.root
        rootID = project?.rootID
        directory = project?.directory
        self.address = address
    }

    /// Reads the query of a request.
    package init(_ value: (String) -> String?) {
        (app, instance, address) = (value("app"), value("instance"), value("address"))
        (root, rootID, directory) = (value("root"), value("root_id"), value("folder"))
    }

    package var items: [QueryItem] {
        [
            QueryItem("app", app), QueryItem("instance", instance), QueryItem("root", root),
            QueryItem("root_id", rootID), QueryItem("folder", directory), QueryItem("address", address),
        ]
    }
}
