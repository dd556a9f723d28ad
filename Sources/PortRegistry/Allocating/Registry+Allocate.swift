package import PortModel

extension Registry {
    /// Gives the service a port: the requested one, else the one it had last, else the lowest free one of the face's
    /// pool. Throws `invalid_request`, `service_allocated`, `port_allocated` (both with the holder), `port_in_use`,
    /// `remembered_port_taken`, `pool_full`, `invalid_owner` or `storage_failed`.
    package func allocate(_ request: AllocationRequest, by caller: Caller) async throws(RegistryError) -> Grant {
        do {
            let grant = try await decide(request, by: caller)
            return await addingUDPSockets(to: addingRemovedDirectories(to: grant), of: request, by: caller)
        } catch {
            throw await naming(error, of: request, by: caller)
        }
    }

    /// Does what ``allocate(_:by:)`` does; its refusals do not say who listens on a port that is in use.
    func decide(_ request: AllocationRequest, by caller: Caller) async throws(RegistryError) -> Grant {
        if request.adopt && request.port == nil {
            throw RegistryError(
                .invalidRequest,
                "adopt needs the port that the service runs on",
                subject: "port",
                remedies: [.namePort]
            )
        }
        for port in [request.port, request.preferred].compactMap(\.self) {
            guard let pool = request.pool, !pool.contains(port) else { continue }
            throw RegistryError(
                .invalidRequest,
                "port \(port) is outside range \(pool)",
                subject: "\(port)",
                remedies: [.advice("omit the port or the range")]
            )
        }
        // Refused before the transaction begins. Details that an existing allocation keeps were checked earlier.
        _ = try AllocationDetails(tags: request.tags ?? [], metadata: request.metadata ?? [:])
        // Most often, a shared allocation exists already, and nothing has to be chosen.
        let isChoosing = request.whenAllocated != .share
        let elsewhere = networkNotice(for: caller)
        let adoptionWarning = try await adoptionWarning(of: request)
        return try await committer.perform(isChoosing: isChoosing) { [settings, machine] context in
            try context.refusing {
                var request = request
                let registered = try context.registered(request.identity, project: request.project)
                request.identity = registered.identity
                let hold = try request.hold.lifetime(at: context.uptime, machine: machine, caller: caller)
                let decision = try Allocator(
                    context: context,
                    settings: settings,
                    request: request,
                    lifetime: hold.lifetime,
                    caller: caller,
                    adoptionWarning: adoptionWarning
                ).decide()
                guard case .success(var grant) = decision else { return decision.mapError { $0.adding(elsewhere) } }
                grant.mark = try request.mark(of: grant.allocation, reading: context.transaction)
                if request.wantsVariables { grant.variables = try context.serviceVariables(of: grant.allocation) }
                return .success(
                    (registered.warnings + [hold.warning, elsewhere?.sentence]).reduce(grant) { $0.adding($1) }
                )
            }
        }
    }
}

extension AllocationRequest {
    /// The mark that `run` leaves in the environment of the command that it becomes; `nil` for other requests.
    fileprivate func mark(of allocation: Allocation, reading: any RegistryIDReading) throws -> ServiceMark? {
        guard isForCommand else { return nil }
        return ServiceMark(
            registry: try reading.registryID(),
            allocation: allocation.id,
            directory: project?.stamp
        )
    }
}
