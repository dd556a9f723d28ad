package import PortModel

extension Registry {
    /// Returns the sockets that listen on `ports`, or on any port for `nil`, ordered by port and address. Throws
    /// `system_unavailable` when the kernel does not answer, or `storage_failed`.
    package func listeners(on ports: Set<Port>? = nil) async throws(RegistryError) -> [ListenerReport] {
        let listeners = try machine.listeners(on: ports, fresh: false)
        return try await read { [machine] reading in
            let naming = ProjectNaming(reading: reading, machine: machine)
            var projects: [String: ListenerProject?] = [:]
            func project(of listener: Listener) throws -> ListenerProject? {
                guard let directory = listener.occupiers.first?.directory else { return nil }
                if let known = projects[directory] { return known }
                let found = try machine.project(around: directory).flatMap { project -> ListenerProject? in
                    guard try project.isRepository || reading.hasAllocations(ofProjectAt: project.root) else {
                        return nil
                    }
                    let root = ProjectDirectory(
                        root: project.root,
                        directory: directory,
                        rootIdentity: project.rootIdentity
                    )
                    return ListenerProject(
                        app: try naming.app(of: project.app, project: root),
                        instance: project.instance
                    )
                }
                projects[directory] = found
                return found
            }
            let occupancies = Dictionary(grouping: listeners, by: \.port).compactMapValues(Occupancy.init)
            return try listeners.map { listener in
                let allocation = try reading.allocation(on: listener.port)
                return ListenerReport(
                    listener: listener,
                    project: try project(of: listener),
                    allocation: allocation.map {
                        AllocationReport($0, isHeld: true, occupancy: occupancies[listener.port])
                    }
                )
            }
        }
    }
}

extension RegistryReading {
    /// Whether the project that is recorded for the directory `root` has an allocation.
    fileprivate func hasAllocations(ofProjectAt root: String) throws -> Bool {
        guard let project = try project(atRoot: root) else { return false }
        return try hasAllocations(ofApp: project.app)
    }
}
