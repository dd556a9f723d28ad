/// `DELETE /v1/allocations`, and the query of `GET /v1/allocations`. An empty text is no filter.
package struct FilterBody: Codable, Hashable, Sendable {
    package var app: String?
    package var instance: String?
    package var service: String?
    package var port: Int?
    package var project: ProjectDTO?
    /// Who releases, for the journal: as in ``AllocateBody/face``. No filter.
    package var face: String?

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
