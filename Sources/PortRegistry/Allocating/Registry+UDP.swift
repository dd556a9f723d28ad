package import PortModel

/// UDP sockets are shown, and are a reason against a new port. Nothing else is decided by them.
extension Registry {
    /// Returns the UDP sockets that are bound to `ports`, or to any port for `nil`, ordered by port and address. The
    /// state of an allocation is that of its TCP port. Throws `system_unavailable` when the kernel does not answer, or
    /// `storage_failed`.
    package func udpSockets(on ports: Set<Port>? = nil) async throws(RegistryError) -> [ListenerReport] {
        let observed = try await machine.inspect { machine throws(RegistryError) in
            ObservedListeners(try machine.udpSockets(on: ports), machine: machine)
        }
        let known = try await read { [machine, knownDrifts] in
            try observed.known(reading: $0, machine: machine, drifts: knownDrifts.all)
        }
        let reports = await reports(on: known.allocations)
        let byPort = Dictionary(reports.map { ($0.allocation.port, $0) }) { first, _ in first }
        return known.listeners.map { listener in
            ListenerReport(
                listener: listener,
                project: listener.occupiers.first?.directory.flatMap { known.projects[$0] },
                allocation: byPort[listener.port]
            )
        }
    }

    /// Returns the grant with a warning when UDP sockets of other processes are bound to its port. They are found
    /// here and not in the transaction, which other requests wait for.
    func addingUDPSockets(to grant: Grant, of request: AllocationRequest, by caller: Caller) async -> Grant {
        // A caller in another network namespace has other UDP sockets there.
        guard grant.hasUDPSocket, networkWarning(for: caller) == nil else { return grant }
        let port = grant.allocation.port
        let warning = await machine.inspect { $0.udpWarning(about: port, own: request.project) }
        guard let warning else { return grant }
        let isChosen = request.port != port && request.preferred != port
        let reason = isChosen ? "; no better port is free" : ""
        return grant.adding(warning + reason, remedy: .showListeners(port))
    }
}

extension BlockingMachine {
    /// Returns a warning when UDP sockets are bound to `port`; `nil` when there are none, or when the kernel does not
    /// answer. There is none either when all are certainly of processes in the directory of `own`.
    func udpWarning(about port: Port, own: Project.Directories? = nil) -> String? {
        let sockets = (try? udpSockets(on: [port])) ?? []
        guard let names = ListenerReport.names(of: sockets.map { ListenerReport(listener: $0) }) else { return nil }
        if let own, sockets.allSatisfy({ $0.isCertainly(in: own) }) { return nil }
        return "UDP port \(port) is used by \(names)"
    }
}

extension Listener {
    fileprivate func isCertainly(in project: Project.Directories) -> Bool {
        !occupiers.isEmpty && occupiers.allSatisfy { $0.directory != nil && $0.mayRun(in: project) }
    }
}
