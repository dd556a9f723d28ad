package import PortModel

extension RegistryError {
    /// Returns the refusal for a group without allocations, such as one that was released.
    package static func groupNotFound(_ id: String) -> RegistryError {
        RegistryError(
            .groupNotFound,
            "no group \"\(id)\" is known",
            subject: id,
            hint: "portctl group list --all shows every group"
        )
    }

    /// Returns the refusal for an id or port that no allocation has.
    static func allocationNotFound(subject: String) -> RegistryError {
        RegistryError(
            .allocationNotFound,
            "allocation not found",
            subject: subject,
            hint: "portctl list --all shows every allocation"
        )
    }

    /// Returns the refusal for a name that no service has: in the app and instance of `scope`, if that is exact, else
    /// on the machine.
    package static func serviceNotFound(_ name: String, in scope: NameScope?) -> RegistryError {
        let isPath = (try? ServiceIdentity(path: name)) != nil
        let place = scope.flatMap { $0.isExact && !isPath ? "\($0.app)/\($0.instance)" : nil }
        return RegistryError(
            .serviceNotFound,
            place.map { "\($0) has no service \"\(name)\"" } ?? "no service \"\(name)\" is known",
            subject: name,
            hint: "portctl list --all shows every service"
        )
    }

    /// Returns `error` if it is a ``RegistryError``, else a `storage_failed` that quotes it.
    package static func storage(_ error: any Error) -> RegistryError {
        error as? RegistryError
            ?? RegistryError(
                .storageFailed,
                "the database failed: \(error)",
                hint: "portctl status names the database; check for a full disk or missing permissions"
            )
    }

    /// Returns the refusal of a port that another allocation, `holder`, has. Only if that belongs to the project of
    /// `identity`, the hint says how to release it.
    static func portAllocated(
        _ port: Port,
        holder: Allocation,
        to identity: ServiceIdentity,
        remedy: String
    ) -> RegistryError {
        let other =
            identity.hasProject(of: holder.identity)
            ? ", or release this one: portctl release \(port)" : "; portctl why \(port) tells its history"
        return RegistryError(
            .portAllocated,
            "port already allocated",
            subject: port.description,
            hint: "\(remedy)\(other)",
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
        var remedies: [String] = []
        if ownCount > 0 {
            let options = "--app \(identity.app.shellQuoted) --instance \(identity.instance.shellQuoted)"
            remedies.append("release ports that you no longer need (portctl list \(options))")
        }
        if shortage.excluded[.configured] != nil { remedies.append("take ports out of exclude in config.yaml") }
        remedies.append(setting.map { "widen \($0) in config.yaml" } ?? "request another range")
        let changesFile = remedies.contains { $0.hasSuffix("config.yaml") }
        let restart = changesFile ? "; portctl restart reads config.yaml again" : ""
        return RegistryError(
            .poolFull,
            "range \(shortage.pool) is full: \(shortage.sentence(largest: largest))",
            subject: shortage.pool.description,
            hint: remedies.joined(separator: ", or ") + restart
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
