package import PortModel

extension Registry {
    /// Gives the service a port: the requested one, else the one it had last, else the lowest free one of the face's
    /// pool. Throws `invalid_request`, `service_allocated`, `port_allocated` (both with the holder), `port_in_use`,
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
                "port \(port) is outside range \(pool)",
                subject: "\(port)",
                hint: "omit the port or the range"
            )
        }
        // Refused before the transaction begins. Details that an existing allocation keeps were checked earlier.
        _ = try AllocationDetails(tags: request.tags ?? [], metadata: request.metadata ?? [:])
        // Most often, a shared allocation exists already, and nothing has to be chosen.
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
    /// Returns the identity with the app name that the detected `project` really has.
    func registered(_ identity: ServiceIdentity, project: ProjectDirectory?) throws -> ServiceIdentity {
        try identity.renamed(
            app: ProjectNaming(reading: transaction, directoryExists: machine.directoryExists)
                .app(of: identity.app, project: project)
        )
    }

    /// Runs `body`, and returns a refusal that it throws: an error that leaves the transaction would roll back the
    /// other requests of the group, too.
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
    /// Returns the identity with another app name. Throws `invalid_name`.
    func renamed(app: String) throws(RegistryError) -> ServiceIdentity {
        app == self.app ? self : try ServiceIdentity(app: app, instance: instance, service: service)
    }
}
