import PortModel

/// Listening sockets, and the projects around the directories of their processes: what the machine contributes to
/// ``ListenerReport``s. It is read before the snapshot of the store, which would stay open meanwhile.
struct ObservedListeners: Sendable {
    let listeners: [Listener]
    /// The project around the directory of each occupier, as far as there is one.
    private let projects: [String: Project]

    /// Reads the projects around the directories of the occupiers.
    init(_ listeners: [Listener], machine: any BlockingMachine) {
        self.listeners = listeners
        let directories = Set(listeners.flatMap(\.occupiers).compactMap(\.directory))
        projects = Dictionary(
            uniqueKeysWithValues: directories.compactMap { directory in
                machine.project(around: directory).map { (directory, $0) }
            }
        )
    }

    /// The listeners, and what the registry knows about them.
    struct Known: Sendable {
        let listeners: [Listener]
        /// The projects of the directories, under the names that the registry gives them.
        let projects: [String: Project]
        /// The allocations of the listeners' ports.
        let allocations: [Allocation]
        let neighbours: Neighbours
    }

    /// Reads what the registry knows about the listeners. `drifts` are the services that listen elsewhere than on their
    /// own ports. Without `withAllNeighbours`, the neighbours are those of
    /// listeners on allocated ports.
    func known(
        reading: any RegistryReading,
        machine: any Machine,
        drifts: [Drift] = [],
        withAllNeighbours: Bool = false
    ) throws -> Known {
        let sockets = Set(listeners.map(\.inode))
        let adrift = drifts.filter { sockets.contains($0.socket) }
        let allocations =
            try reading.allocations(on: Set(listeners.map(\.port)))
            + adrift.compactMap { try reading.allocation(id: $0.allocation) }
        let ports = Set(allocations.map(\.port) + adrift.map(\.port))
        return Known(
            listeners: listeners,
            projects: try recorded(reading: reading, machine: machine),
            allocations: allocations,
            neighbours: try Neighbours(
                of: withAllNeighbours ? listeners : listeners.filter { ports.contains($0.port) },
                reading: reading
            )
        )
    }

    /// Returns the projects under the names that the registry gives them, without the directories that are neither in a
    /// repository nor have allocations.
    private func recorded(
        reading: any RegistryReading,
        machine: any Machine
    ) throws -> [String: Project] {
        let naming = ProjectNaming(reading: reading, machine: machine)
        var recorded: [String: Project] = [:]
        for (directory, project) in projects {
            guard let directories = project.directories,
                try directories.isRepository || reading.hasAllocations(ofProjectAt: directories.root)
            else { continue }
            var known = project
            known.app = try naming.app(of: project.app, project: directories)
            recorded[directory] = known
        }
        return recorded
    }
}

extension RegistryReading {
    /// Whether the project that is recorded for the directory `root` has an allocation.
    fileprivate func hasAllocations(ofProjectAt root: String) throws -> Bool {
        guard let project = try project(atRoot: root) else { return false }
        return try hasAllocations(ofApp: project.app)
    }
}
