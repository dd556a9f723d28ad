/// The body of `DELETE /v1/remembered`.
package struct ForgetBody: Codable, Hashable, Sendable {
    package var app: String?
    package var instance: String?
    package var service: String?
    package var project: ProjectDTO?

    package init(app: String?, instance: String?, service: String?, project: ProjectDTO? = nil) {
        self.app = app
        self.instance = instance
        self.service = service
        self.project = project
    }
}
