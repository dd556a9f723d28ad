/// The body of `DELETE /v1/allocations`, and the query of `GET /v1/allocations`. An empty string filters nothing.
package struct FilterBody: Codable, Hashable, Sendable {
    package var app: String?
    package var instance: String?
    package var service: String?
    package var port: Int?
    package var project: ProjectDTO?
    /// Only to release: a name for the whole machine, as get-port takes it, instead of the other filters.
    package var name: String?
    /// The face that releases, for the journal, as in ``AllocateBody/face``. It filters nothing.
    package var face: String?
    /// `true`: the response also has the allocations that ended.
    package var wide: Bool?

    package init(
        app: String? = nil,
        instance: String? = nil,
        service: String? = nil,
        port: Int? = nil,
        project: ProjectDTO? = nil
    ) {
        self.app = app
        self.instance = instance
        self.service = service
        self.port = port
        self.project = project
    }
}
