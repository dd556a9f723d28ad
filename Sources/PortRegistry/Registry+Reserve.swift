package import PortModel

/// A port that was asked for by number, and what was in the way.
package struct Reservation: Sendable {
    package var grant: Grant
    /// Who listened; `nil` when nobody did, or the kernel does not tell.
    package var occupier: Occupier?
    package var wasOccupied: Bool
    /// Whether the occupier was ended.
    package var wasKilled: Bool
}

extension Registry {
    /// Allocates the port that `request` names, after ending who listens on it when `killIfOccupied` says so. A port
    /// that is somebody's is refused before anything is ended. Throws what ``allocate(_:by:)`` and
    /// ``kill(port:pid:force:by:)`` throw; `port_in_use` names the occupier.
    package func reserve(
        _ request: AllocationRequest,
        killIfOccupied: Bool,
        pid: Int32?,
        force: Bool,
        by asker: Asker
    ) async throws(RegistryError) -> Reservation {
        guard let port = request.port else {
            throw RegistryError(.invalidPort, "a reservation needs a port", subject: "port", hint: "\"port\": 3000")
        }
        let occupancy = machine.occupancies(of: [port])[port]
        var killed: Kill?
        if occupancy != nil && killIfOccupied {
            if let holder = try await ask({ try $0.allocation(on: port) }) {
                throw .portAllocated(port, holder: holder)
            }
            killed = try await kill(port: port, pid: pid, force: force, by: asker)
        }
        do {
            return Reservation(
                grant: try await allocate(request, by: asker),
                occupier: killed?.victim ?? occupancy?.occupiers.first,
                wasOccupied: occupancy != nil,
                wasKilled: killed != nil
            )
        } catch {
            guard error.code == .portInUse, let occupancy, !occupancy.occupiers.isEmpty else { throw error }
            throw RegistryError(
                .portInUse,
                error.message,
                subject: error.subject,
                hint: "\(KillPolicy.names(of: occupancy.occupiers)) listens; --kill ends it"
            )
        }
    }
}

extension RegistryError {
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
