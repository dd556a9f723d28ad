/// The body of `POST /v1/wait`.
package struct WaitRequestBody: Codable, Hashable, Sendable {
    /// The services, each as in `GET /v1/services/{name}`; at most 50.
    package var names: [String]
    /// The project that the names are relative to.
    package var app: String?
    package var instance: String?
    package var project: ProjectDTO?
    /// Whether the names can only mean services of the project.
    package var exact: Bool?
    /// The owners that an earlier answer had, by name: one that has exited since is reported as if it had meanwhile.
    package var owners: [String: Int32]?
    /// How long the answer may take, in milliseconds, at most 10,000; `nil` for no time: the answer is what is so now.
    package var timeoutMilliseconds: Int?

    package enum CodingKeys: String, CodingKey {
        case names, app, instance, project, exact, owners
        case timeoutMilliseconds = "timeout_ms"
    }

    package init(names: [String], app: String?, instance: String?, project: ProjectDTO?) {
        self.names = names
        self.app = app
        self.instance = instance
        self.project = project
    }
}
