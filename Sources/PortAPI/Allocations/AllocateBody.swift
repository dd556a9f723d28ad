/// `POST /v1/allocations`.
package struct AllocateBody: Codable, Hashable, Sendable {
    /// May be missing on the wire, which then is a blank name.
    package var app: String?
    package var instance: String?
    package var service: String?
    /// 0 or left out: the registry chooses.
    package var port: Int?
    /// Tried before the registry chooses.
    package var preferred: Int?
    /// What to choose from, such as `4000-4999`; left out: the face's pool.
    package var range: String?
    /// What the service has already is the answer, and no refusal.
    package var ensure: Bool?
    /// Like `ensure`, but a further port when the service's own is in use.
    package var exclusive: Bool?
    /// A further port beside those that the service has.
    package var further: Bool?
    package var adopt: Bool?
    package var strict: Bool?
    /// `registry`, `leases`, `projects` or `manager`: whose pool and holds; left out: `registry`.
    package var face: String?
    package var ttlSeconds: Int?
    package var ownerPID: Int?
    package var graceSeconds: Int?
    /// Where the process cannot be an owner, nobody is, and a warning says so, instead of a refusal.
    package var ownerOptional: Bool?
    package var tags: [String]?
    package var metadata: [String: String]?
    package var project: ProjectDTO?

    package enum CodingKeys: String, CodingKey {
        case app, instance, service, port, preferred, range, ensure, exclusive, further, adopt, strict, face, tags,
            metadata
        case project
        case ttlSeconds = "ttl_seconds"
        case ownerPID = "owner_pid"
        case graceSeconds = "grace_seconds"
        case ownerOptional = "owner_optional"
    }

    package init(app: String?, instance: String?, service: String?, project: ProjectDTO? = nil) {
        self.app = app
        self.instance = instance
        self.service = service
        self.project = project
    }
}
