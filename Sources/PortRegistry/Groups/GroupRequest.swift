package import PortModel

/// Several ports that are wanted together, or not at all.
package struct GroupRequest: Sendable {
    /// Of one app and instance; the service of each is its role, and a role that repeats has replicas.
    package var services: [ServiceIdentity]
    /// What to choose from; `nil`: the face's pool.
    package var pool: PortPool?
    /// Whether the ports must follow one another.
    package var isContiguous = false
    package var hold = RequestedHold.permanent
    /// As ``AllocationRequest/project``.
    package var project: ProjectDirectory?
    package var tags: [String]?
    package var metadata: [String: String]?

    /// Far more than any stack has, and as many as the smallest default pool.
    package static let maximumCount = 1000

    /// `roles` are the services' names, one for each port; none: that many without a name. Throws `invalid_request`
    /// for a count outside 1…1000, or another number of roles, and `invalid_name`.
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
                hint: "name each, or none; a role may repeat"
            )
        }
        services = []
        for role in roles.isEmpty ? Array(repeating: ServiceIdentity.unnamedService, count: count) : roles {
            services.append(try ServiceIdentity(app: app, instance: instance, service: role))
        }
    }
}
