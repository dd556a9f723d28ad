package import PortModel

/// A request for several ports, of which all are allocated or none.
package struct GroupRequest: Sendable {
    /// The identities that get a port, of one app and instance. The service of each is its role; a role that repeats
    /// gets replicas.
    package var services: [ServiceIdentity]
    /// The ports to choose from; `nil` for the face's pool.
    package var pool: PortPool?
    /// Whether the ports must be consecutive, in the order of `services`.
    package var isContiguous = false
    package var hold = RequestedHold.permanent
    /// Where the app name was detected, as ``AllocationRequest/project``.
    package var project: Project.Directories?
    package var tags: [String]?
    package var metadata: [String: JSONValue]?

    /// The maximum number of ports in a group: far more than any stack needs, and as many as the smallest default pool
    /// has.
    package static let maximumCount = 1000

    /// Creates a request for `count` ports. `roles` are the names of the services, one for each port; if it is empty,
    /// the services have no name. Throws `invalid_request` for a count outside 1…1000 or another number of roles, and
    /// `invalid_name`.
    package init(count: Int, roles: [String], app: String, instance: String) throws(RegistryError) {
        guard (1...Self.maximumCount).contains(count) else {
            throw RegistryError(
                .invalidRequest,
                "a group has between 1 and \(Self.maximumCount) ports, not \(count)",
                subject: "count"
            )
        }
        guard roles.isEmpty || roles.count == count else {
            throw RegistryError(
                .invalidRequest,
                "\(count) ports need \(count) roles, not \(roles.count)",
                subject: "roles",
                remedies: [.advice("give a role for each port, or no roles; a role may repeat")]
            )
        }
        services = []
        for role in roles.isEmpty ? Array(repeating: ServiceIdentity.unnamedService, count: count) : roles {
            services.append(try ServiceIdentity(app: app, instance: instance, service: role))
        }
    }
}
