import PortModel

/// What the file system and the list of users contribute to verdicts: what is at the services' directories, and which
/// sockets are other persons'.
struct Surroundings: Sendable {
    private var directories: [String: DirectoryState] = [:]
    /// What is at the directory of an allocation by its id, where that has become another worktree's.
    private var elsewhere: [Int64: DirectoryState] = [:]
    private var otherPersons: Set<UInt32> = []
    private let boot: String

    /// Reads what concerns `allocations` and `listeners`. `boot` is the id of this boot.
    init(of allocations: [Allocation], listeners: [Listener], boot: String, machine: any BlockingMachine) {
        self.boot = boot
        guard !listeners.isEmpty else { return }
        otherPersons = Set(listeners.map(\.userID)).filter(machine.isAnotherPerson)
        let paths = Set(allocations.compactMap(\.directory))
        directories = Dictionary(uniqueKeysWithValues: paths.map { ($0, machine.directoryState($0)) })
        for allocation in allocations {
            elsewhere[allocation.id] = state(ofMoved: allocation, machine)
        }
    }

    /// Returns what is left at the path of a worktree that was moved, and at whose path another is now: nothing. `nil`
    /// otherwise. Git's id of a worktree, which the instance is, goes with the worktree.
    private func state(ofMoved allocation: Allocation, _ machine: any BlockingMachine) -> DirectoryState? {
        guard let path = allocation.directory, case .present(let now, _)? = directories[path],
            allocation.holds.compactMap(\.origin.directory).contains(where: now.differs),
            let project = machine.project(around: path), project.app == allocation.identity.app,
            project.instance != allocation.identity.instance
        else { return nil }
        return .missing(device: now.device)
    }

    /// Returns the facts by which the verdict on an allocation's listeners is decided.
    func facts(about allocation: Allocation, _ neighbours: Neighbours, proven: ProvenListeners) -> ServiceFacts {
        var owners = neighbours.owners
        for owner in allocation.holds.compactMap(\.livingOwner) { owners[owner.pid, default: []].insert(allocation.id) }
        let known = allocation.knownSocket.flatMap { $0.boot == boot ? $0 : nil }
        return ServiceFacts(
            registry: neighbours.registry,
            allocation: allocation,
            knownSocket: known.flatMap { $0.isOwn ? $0.inode : nil },
            toleratedSocket: known.flatMap { $0.isOwn ? nil : $0.inode },
            directory: elsewhere[allocation.id] ?? allocation.directory.map { directories[$0] ?? .unreachable },
            owners: owners,
            recordedDirectories: neighbours.recordedDirectories,
            otherPersons: otherPersons,
            proven: proven.ofAllocation(allocation.id)
        )
    }
}
