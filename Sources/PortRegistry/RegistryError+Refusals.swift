package import PortModel

extension RegistryError {
    /// Returns the refusal for a group without allocations, such as one that was released.
    package static func groupNotFound(_ id: String) -> RegistryError {
        RegistryError(
            .groupNotFound,
            "no group \"\(id)\" is known",
            subject: id,
            remedies: [.listGroups]
        )
    }

    /// Returns the refusal for an id or port that no allocation has.
    static func allocationNotFound(subject: String) -> RegistryError {
        RegistryError(
            .allocationNotFound,
            "allocation not found",
            subject: subject,
            remedies: [.listAllocations]
        )
    }

    /// Returns the refusal for a name that no service has: in the app and instance of `scope`, if that is exact, else
    /// on the machine.
    package static func serviceNotFound(
        _ name: String,
        in scope: ProjectScope?,
        elsewhere others: [ServiceIdentity] = []
    ) -> RegistryError {
        let isPath = (try? ServiceIdentity(path: name)) != nil
        let place = scope.flatMap { $0.isExact && !isPath ? "\($0.project.app)/\($0.project.instance)" : nil }
        return RegistryError(
            .serviceNotFound,
            place.map { "\($0) has no service \"\(name)\"\(others.counterparts)" }
                ?? "no service \"\(name)\" is known",
            subject: name,
            remedies: [.listServices]
        )
    }

    /// Returns `error` if it is a ``RegistryError``, else a `storage_failed` that quotes it.
    package static func storage(_ error: any Error) -> RegistryError {
        error as? RegistryError
            ?? RegistryError(
                .storageFailed,
                "the database failed: \(error)",
                remedies: [.findDatabase, .advice("check for a full disk or missing permissions")]
            )
    }

    /// Returns the refusal of a port that another allocation, `holder`, has. Only if that belongs to the project of
    /// `identity`, a remedy is to release it.
    static func portAllocated(
        _ port: Port,
        holder: Allocation,
        to identity: ServiceIdentity,
        remedy: Remedy
    ) -> RegistryError {
        let isOwn = identity.hasProject(of: holder.identity)
        return RegistryError(
            .portAllocated,
            "port already allocated",
            subject: port.description,
            remedies: [remedy, isOwn ? .releasePort(port) : .showHistory(port)],
            holder: holder
        )
    }

    /// Returns the refusal of a request of `identity` for a pool without a free port. `ownCount` is the number of ports
    /// that its app and instance have there, and `setting` the one that has the pool; `nil` for a requested range.
    static func poolFull(
        _ shortage: PoolShortage,
        largest: (app: String, count: Int)?,
        ownCount: Int,
        of identity: ServiceIdentity,
        setting: String?
    ) -> RegistryError {
        var remedies: [Remedy] = []
        if ownCount > 0 { remedies.append(.releaseUnneeded(app: identity.app, instance: identity.instance)) }
        let excludes = shortage.excluded[.configured] != nil
        if excludes { remedies.append(.changeSetting("exclude", "take ports out of exclude in config.yaml")) }
        remedies.append(setting.map { .changeSetting($0, "widen \($0) in config.yaml") } ?? .otherRange)
        if excludes || setting != nil { remedies.append(.restart(.readConfiguration)) }
        return RegistryError(
            .poolFull,
            "range \(shortage.pool) is full: \(shortage.sentence(largest: largest))",
            subject: shortage.pool.description,
            remedies: remedies
        )
    }
}

extension ServiceIdentity {
    /// Whether `other` is a service of the same project and instance. Services without the name of an app may belong to
    /// any project.
    func hasProject(of other: ServiceIdentity) -> Bool {
        app == other.app && instance == other.instance && app != Self.unnamedApp
    }
}

extension [ServiceIdentity] {
    /// That the services are other projects', as the end of a sentence; at most three of them.
    fileprivate var counterparts: String {
        guard !isEmpty else { return "" }
        let names = prefix(3).map { ServiceIdentity.machineWideName($0.description) }.joined(separator: ", ")
        let further = count > 3 ? " and \(count - 3) more" : ""
        return "; \(names)\(further) \(count == 1 ? "is another project's" : "are other projects'")"
    }
}
