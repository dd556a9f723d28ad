package import PortModel

extension Registry {
    /// Allocates the port that `request` names, after ending who listens on it when `killIfOccupied` says so. A port
    /// that is somebody's is refused before anything is ended. Throws what ``allocate(_:by:)`` and
    /// ``kill(port:pid:force:by:)`` throw; `port_in_use` names the occupier.
    package func reserve(
        _ request: AllocationRequest,
        killIfOccupied: Bool,
        pid: Int32?,
        force: Bool,
        by caller: Caller
    ) async throws(RegistryError) -> Reservation {
        guard let port = request.port else {
            throw RegistryError(.invalidPort, "a reservation needs a port", subject: "port", hint: "\"port\": 3000")
        }
        let occupancy = try machine.occupancies(of: [port])[port]
        var killed: Kill?
        if occupancy != nil && killIfOccupied {
            // Nobody is ended for what would be refused.
            try await check(request, port: port, by: caller)
            killed = try await kill(port: port, pid: pid, force: force, by: caller)
        }
        do {
            return Reservation(
                grant: try await allocate(request, by: caller),
                occupier: killed?.target ?? occupancy?.occupiers.first,
                wasOccupied: occupancy != nil,
                wasKilled: killed != nil
            )
        } catch {
            throw error.forReservation(of: port, occupiers: occupancy?.occupiers ?? [])
        }
    }
}

extension Registry {
    /// Throws what ``allocate(_:by:)`` would throw for another reason than that somebody listens.
    private func check(_ request: AllocationRequest, port: Port, by caller: Caller) async throws(RegistryError) {
        _ = try AllocationDetails(tags: request.tags ?? [], metadata: request.metadata ?? [:])
        try await committer.perform { [machine] context in
            try context.refusing { () -> Result<Void, RegistryError> in
                let identity = try context.registered(request.identity, project: request.project)
                _ = try request.hold.lifetime(at: context.uptime, machine: machine, caller: caller)
                if let holder = try context.transaction.allocation(on: port),
                    holder.identity != identity || identity.isAnonymous
                {
                    return .failure(.portAllocated(port, holder: holder))
                }
                return .success(())
            }
        }
    }
}

extension RegistryError {
    /// The refusal with what can be done about it by somebody who wants this port and no other.
    fileprivate func forReservation(of port: Port, occupiers: [Occupier]) -> RegistryError {
        let hint: String
        switch code {
        case .portInUse where occupiers.isEmpty: hint = "who listens there is not known; ask for another port"
        case .portInUse: hint = "\(Occupier.names(of: occupiers)) listens; --kill ends it"
        case .portAllocated: hint = "ask for another port, or if nobody needs it: portctl release \(port)"
        default: return self
        }
        return RegistryError(code, message, subject: subject, hint: hint, holder: holder)
    }

    static func portAllocated(_ port: Port, holder: Allocation) -> RegistryError {
        RegistryError(
            .portAllocated,
            "port already allocated",
            subject: port.description,
            hint: "leave the port out to get a free one, or: portctl release \(port)",
            holder: holder
        )
    }
}
