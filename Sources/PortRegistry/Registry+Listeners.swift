package import PortModel

/// A listening socket, and what the registry knows of it.
package struct ListenerReport: Hashable, Sendable {
    package var listener: Listener
    /// Of the first occupier's folder; `nil` when that is unknown, or no project's.
    package var project: ListenerProject?
    /// The claim on the port; `nil` when there is none.
    package var allocation: AllocationReport?
}

/// The project that a process runs in.
package struct ListenerProject: Hashable, Sendable {
    package var app: String
    package var instance: String

    package init(app: String, instance: String) {
        self.app = app
        self.instance = instance
    }
}

extension Registry {
    /// Everything that listens on `ports`, or on any for `nil`, by port and address. Throws `storage_failed`.
    package func listeners(on ports: Set<Port>? = nil) async throws(RegistryError) -> [ListenerReport] {
        let listeners = try machine.listeners(on: ports, anew: false)
        return try await ask { [machine] reading in
            let naming = ProjectNaming(reading: reading, folderExists: machine.folderExists)
            var projects: [String: ListenerProject?] = [:]
            func project(of listener: Listener) throws -> ListenerProject? {
                guard let folder = listener.occupiers.first?.folder else { return nil }
                if let known = projects[folder] { return known }
                let found = try machine.project(around: folder).map {
                    ListenerProject(app: try naming.app(named: $0.app, at: $0.root), instance: $0.instance)
                }
                projects[folder] = found
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

    /// The newest journal entries about `port`, the newest first. Throws `storage_failed`.
    package func story(of port: Port, limit: Int) async throws(RegistryError) -> [JournalEntry] {
        try await ask { try $0.journal(about: port, limit: limit) }
    }
}
