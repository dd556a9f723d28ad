import PortModel

/// What is said about the processes on allocated ports. Nothing is decided by it, so they are found outside the
/// transaction, which other requests wait for.
extension Registry {
    /// Returns why what listens on the port that `request` adopts may not be its service; `nil` when nothing speaks
    /// against it, or nothing is adopted. Throws `system_unavailable`.
    func adoptionWarning(of request: AllocationRequest) async throws(RegistryError) -> AdoptionWarning? {
        guard request.adopt, let port = request.port else { return nil }
        var occupancy = try await occupancy(of: port)
        // A service that uses UDP only.
        if occupancy == nil { occupancy = try? await Occupancy(udpSockets(on: [port]).map(\.listener)) }
        return request.adoptionWarning(port, occupancy: occupancy)
    }

    /// Returns the grant with a warning for each process on the service's other ports whose directory was removed.
    func addingRemovedDirectories(to grant: Grant) async -> Grant {
        guard !grant.busyReplicas.isEmpty else { return grant }
        // Without an answer from the kernel, nothing is known about the processes, and the grant is as good.
        let ports = Set(grant.busyReplicas.map(\.port))
        let occupancies = await machine.inspect { try? $0.occupancies(of: ports) }
        return grant.busyReplicas.flatMap { allocation in
            occupancies?[allocation.port]?.occupiers.compactMap { occupier -> (warning: String, remedy: Remedy)? in
                guard let directory = occupier.removedDirectory else { return nil }
                let port = allocation.port
                let who = "\(Occupier.names(of: [occupier])), whose directory \(directory.oneLine) was removed"
                let name = allocation.identity.machineWideName
                return ("port \(port) of \(name) is served by \(who)", .kill(port, pid: occupier.pid))
            } ?? []
        }.reduce(grant) { $0.adding($1.warning, remedy: $1.remedy) }
    }
}

/// What speaks against an adoption, and what to do about it.
typealias AdoptionWarning = (text: String, remedy: Remedy?)

extension AllocationRequest {
    fileprivate func adoptionWarning(_ port: Port, occupancy: Occupancy?) -> AdoptionWarning? {
        guard let occupancy else {
            return ("nobody listens on port \(port): it is allocated, but no running service was registered", nil)
        }
        let occupiers = occupancy.occupiers
        guard !occupiers.isEmpty else { return ("an unknown process listens on port \(port)", .showListeners(port)) }
        guard let project, !occupiers.contains(where: { $0.mayRun(in: project) }) else { return nil }
        let place = occupiers[0].directory.map { " in \($0.oneLine)" } ?? ""
        return (
            "\(Occupier.names(of: occupiers)) listens on port \(port)\(place), not in \(project.directory.oneLine)", nil
        )
    }
}
