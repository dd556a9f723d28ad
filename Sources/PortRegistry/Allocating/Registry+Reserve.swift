package import PortModel

extension Registry {
    /// Allocates the requested port. With `killIfOccupied`, ends the process that listens on it first, but not when the
    /// port is allocated to another service: that is refused before anything is ended. Throws what ``allocate(_:by:)``
    /// and ``kill(port:pid:force:by:)`` throw; `port_in_use` names the occupier.
    package func reserve(
        _ request: AllocationRequest,
        killIfOccupied: Bool,
        pid: Int32?,
        force: Bool,
        by caller: Caller
    ) async throws(RegistryError) -> Reservation {
        guard let port = request.port else {
            throw RegistryError(.invalidPort, "a reservation needs a port", subject: "port", remedies: [.namePort])
        }
        if killIfOccupied { try checkNetwork(of: caller) }
        let occupancy = try await occupancy(of: port)
        var killed: Kill?
        if occupancy != nil && killIfOccupied {
            // Do not end a process for a request that would be refused.
            try await check(request, port: port, by: caller)
            killed = try await kill(port: port, pid: pid, force: force, by: caller)
        }
        do {
            return Reservation(
                grant: await addingUDPSockets(to: try await decide(request, by: caller), of: request, by: caller),
                occupier: killed?.target ?? occupancy?.occupiers.first,
                wasOccupied: occupancy != nil,
                wasKilled: killed != nil,
                otherPorts: killed?.otherPorts ?? []
            )
        } catch {
            throw await naming(error, of: request, by: caller) {
                $0 ? .killIfOccupied(port) : .choosePort
            }
        }
    }
}

extension Registry {
    /// Throws what ``allocate(_:by:)`` would throw if no socket held `port`.
    private func check(_ request: AllocationRequest, port: Port, by caller: Caller) async throws(RegistryError) {
        _ = try AllocationDetails(tags: request.tags ?? [], metadata: request.metadata ?? [:])
        try await committer.perform { [machine] context in
            try context.refusing { () -> Result<Void, RegistryError> in
                let identity = try context.registered(request.identity, project: request.project).identity
                _ = try request.hold.lifetime(at: context.uptime, machine: machine, caller: caller)
                if let holder = try context.transaction.allocation(on: port),
                    holder.identity != identity || identity.isAnonymous
                {
                    return .failure(
                        .portAllocated(port, holder: holder, to: identity, remedy: .choosePort)
                    )
                }
                return .success(())
            }
        }
    }
}
