/// `POST /v1/allocations`.
package struct AllocateBody: Codable, Hashable, Sendable {
    /// May be missing on the wire, which then is a blank name.
    package var app: String?
    package var instance: String?
    package var service: String?
    /// 0 or left out: the registry chooses.
    package var port: Int?
    package var ensure: Bool?
    package var adopt: Bool?
    package var strict: Bool?
    package var project: ProjectBody?

    package init(
        app: String?,
        instance: String?,
        service: String?,
        port: Int? = nil,
        ensure: Bool? = nil,
        adopt: Bool? = nil,
        strict: Bool? = nil,
        project: ProjectBody? = nil
    ) {
        self.app = app
        self.instance = instance
        self.service = service
        self.port = port
        self.ensure = ensure
        self.adopt = adopt
        self.strict = strict
        self.project = project
    }
}

/// The folders that `app` was detected from; left out when it was spelled out.
package struct ProjectBody: Codable, Hashable, Sendable {
    /// The main checkout's folder.
    package var root: String
    /// The checkout's folder.
    package var folder: String

    package init(root: String, folder: String) {
        self.root = root
        self.folder = folder
    }
}

/// `DELETE /v1/allocations`, and the query of `GET /v1/allocations`. An empty text is no filter.
package struct FilterBody: Codable, Hashable, Sendable {
    package var app: String?
    package var instance: String?
    package var service: String?
    package var port: Int?
    package var project: ProjectBody?

    package init(
        app: String? = nil,
        instance: String? = nil,
        service: String? = nil,
        port: Int? = nil,
        project: ProjectBody? = nil
    ) {
        self.app = app
        self.instance = instance
        self.service = service
        self.port = port
        self.project = project
    }
}

/// `DELETE /v1/remembered`.
package struct ForgetBody: Codable, Hashable, Sendable {
    package var app: String?
    package var instance: String?
    package var service: String?
    package var project: ProjectBody?

    package init(app: String?, instance: String?, service: String?, project: ProjectBody? = nil) {
        self.app = app
        self.instance = instance
        self.service = service
        self.project = project
    }
}
