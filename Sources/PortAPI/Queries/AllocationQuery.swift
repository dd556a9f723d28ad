/// Which allocations, or groups of them, are listed.
package struct AllocationQuery: QueryParameters {
    package var app: String?
    package var instance: String?
    package var service: String?
    /// A port's number.
    package var port: String?
    /// The directory in which `app` was detected, and what identifies it after it was renamed.
    package var root: String?
    package var rootID: String?
    /// `true` for the state, the holds and the owner of each.
    package var wide: String?

    /// Creates the query that a client sends. `project`: the directories in which `app` was detected.
    package init(
        app: String? = nil,
        instance: String? = nil,
        service: String? = nil,
        port: Int? = nil,
        project: ProjectDTO? = nil,
        wide: Bool = false
    ) {
        self.app = app
        self.instance = instance
        self.service = service
        self.port = port.map(String.init)
        root = project?.root
        rootID = project?.rootID
        self.wide = wide ? "true" : nil
    }

    /// Reads the query of a request.
    package init(_ value: (String) -> String?) {
        (app, instance, service, port) = (value("app"), value("instance"), value("service"), value("port"))
        (root, rootID, wide) = (value("root"), value("root_id"), value("wide"))
    }

    package var items: [QueryItem] {
        [
            QueryItem("app", app), QueryItem("instance", instance), QueryItem("service", service),
            QueryItem("port", port), QueryItem("root", root), QueryItem("root_id", rootID), QueryItem("wide", wide),
        ]
    }
}
