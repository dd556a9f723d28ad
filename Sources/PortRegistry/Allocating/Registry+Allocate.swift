package import PortModel

extension Registry {
    /// Gives the service a port: the one asked for, else the one it had last, else the lowest free one of the face's
    /// pool. Refuses with `service_allocated`, `port_allocated` (both with the holder), `port_in_use`,
    /// `remembered_port_taken`, `pool_full`, `invalid_owner` or `storage_failed`.
    package func allocate(_ request: AllocationRequest, by caller: Caller) async throws(RegistryError) -> Grant {
        if request.adopt && request.port == nil {
            throw RegistryError(
                .invalidRequest,
                "adopt needs the port that the service runs on",
                subject: "port",
                hint: "--port N"
            )
        }
        for port in [request.port, request.preferred].compactMap(\.self) {
            guard let pool = request.pool, !pool.contains(port) else { continue }
            throw RegistryError(
                .invalidRequest,
                "port \(port) lies outside of range \(pool)",
                subject: "\(port)",
                hint: "leave one of the two out"
            )
        }
        // Refused before anything is begun; what is kept of an existing allocation was checked then.
        _ = try AllocationDetails(tags: request.tags ?? [], metadata: request.metadata ?? [:])
        // A service that is asked for again and again has its port already.
        let isChoosing = request.whenAllocated != .share
        return try await committer.perform(isChoosing: isChoosing) { [settings, machine] context in
            try context.refusing {
                var request = request
                request.identity = try context.registered(request.identity, project: request.project)
                let hold = try request.hold.lifetime(at: context.uptime, machine: machine, caller: caller)
                return try Allocator(
                    context: context,
                    settings: settings,
                    request: request,
                    lifetime: hold.lifetime,
                    caller: caller
                ).decide().map { $0.adding(hold.warning) }
            }
        }
    }
}

extension GroupCommitter.WriteContext {
    /// The service with the name that its detected app really has.
    func registered(_ identity: ServiceIdentity, project: ProjectDirectory?) throws -> ServiceIdentity {
        try identity.renamed(
            app: ProjectNaming(reading: transaction, directoryExists: machine.directoryExists)
                .app(of: identity.app, project: project)
        )
    }

    /// Makes a refusal that `body` throws one that it returns, so that the others of its commit are not undone.
    func refusing<Value>(
        _ body: () throws -> Result<Value, RegistryError>
    ) throws -> Result<Value, RegistryError> {
        do {
            return try body()
        } catch let error as RegistryError where error.code != .storageFailed {
            return .failure(error)
        }
    }
}

extension ServiceIdentity {
    func renamed(app: String) throws(RegistryError) -> ServiceIdentity {
        app == self.app ? self : try ServiceIdentity(app: app, instance: instance, service: service)
    }
}
