/// The project in which a name is looked up first.
package struct ServiceQuery: QueryParameters {
    package var app: String?
    package var instance: String?
    /// The directory in which `app` was detected, and what identifies it after it was renamed.
    package var root: String?
    package var rootID: String?
    /// `true` when the name can mean no service of another project.
    package var exact: String?

    /// The whole machine.
    package init() {}

    /// Creates the query that a client sends. `project`: the directories in which `app` was detected.
    package init(app: String, instance: String, project: ProjectDTO?, isExact: Bool) {
        self.app = app
        self.instance = instance
        root = project?.root
        rootID = project?.rootID
        exact = isExact ? "true" : nil
    }

    /// Reads the query of a request.
    package init(_ value: (String) -> String?) {
        (app, instance, exact) = (value("app"), value("instance"), value("exact"))
        (root, rootID) = (value("root"), value("root_id"))
    }

    package var items: [QueryItem] {
        [
            QueryItem("app", app), QueryItem("instance", instance), QueryItem("root", root),
            QueryItem("root_id", rootID), QueryItem("exact", exact),
        ]
    }
}
