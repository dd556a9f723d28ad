package import PortModel
package import PortRegistry

/// A machine whose sockets, directories, processes and uptime the test decides.
package final class FakeMachine: Machine, BlockingMachine {
    private struct State: Sendable {
        var held = PortSet()
        var directories: Set<String> = []
        var removed: Set<String> = []
        var rebuilt: [String: UInt64] = [:]
        var persons: Set<UInt32> = []
        var unmounted: Set<String> = []
        var plainDirectories: Set<String> = []
        var elsewhere: Set<Int32> = []
        var snapshotCount = 0
        var snapshotGate: Gate?
        var queriedPorts: [Port] = []
        var uptime = Uptime(boot: "boot-1", milliseconds: 1_000_000)
        /// Stands still until a test moves it.
        var timestamp = Timestamp(milliseconds: 1_700_000_000_000)
        var processes: [Int32: Owner] = [:]
        var otherUsers: [Int32: UInt32] = [:]
        var startCount: Int64 = 0
        var listeners: [Listener] = []
        var udpSockets: [Listener] = []
        var udpSnapshotCount = 0
        var signals: [String] = []
        var parents: [Int32: Int32] = [:]
        var ignoringTermination: Set<Int32> = []
        var isKernelUnavailable = false
        var ephemeralRange = PortRange("32768-60999")
        var network = LocalNetwork()
        var onProcessQuery: @Sendable () -> Void = {}
        var onBlockingQuery: @Sendable () -> Void = {}
    }

    private let state = WatchedValue(State())

    package init() {}

    private struct Snapshot: HeldPorts {
        let isSnapshot = true
        let ports: PortSet
        let onQuery: @Sendable (Port) -> Void

        func isHeld(_ port: Port) -> Bool {
            onQuery(port)
            return ports.contains(port)
        }
    }

    // MARK: The machine

    @available(*, noasync)
    package var blocking: any BlockingMachine {
        state.current.onBlockingQuery()
        return self
    }

    package func heldPorts() -> any HeldPorts {
        state.current.snapshotGate?.wait()
        let held = state.withLock { state in
            state.snapshotCount += 1
            return state.held
        }
        return Snapshot(ports: held) { port in self.state.withLock { $0.queriedPorts.append(port) } }
    }

    package func heldUDPPorts() -> any HeldPorts {
        state.withLock { state in
            state.udpSnapshotCount += 1
            return Snapshot(ports: PortSet(state.udpSockets.map(\.port))) { _ in }
        }
    }

    package func udpSockets(on ports: Set<Port>?) throws(RegistryError) -> [Listener] {
        state.current.onProcessQuery()
        return state.current.udpSockets.filter { ports?.contains($0.port) ?? true }
    }

    package func directoryExists(_ path: String) -> Bool { state.current.directories.contains(path) }

    package func isMountPoint(_ path: String) -> Bool { !state.current.unmounted.contains(path) }

    package func uptime() -> Uptime { state.current.uptime }

    package func timestamp() -> Timestamp { state.current.timestamp }

    /// The number of processes that were started.
    package func processTime() -> Int64 { state.current.startCount + 1 }

    /// Every directory is there unless it was removed, and is a checkout of its own.
    package func directoryState(_ path: String) -> DirectoryState {
        let state = state.current
        if state.removed.contains(path) { return .missing(device: 1) }
        return .present(Self.stamp(of: path, in: state), checkout: .test(path))
    }

    package func isAnotherPerson(_ userID: UInt32) -> Bool { state.current.persons.contains(userID) }

    /// The stamp of the directory at `path` now.
    package func stamp(of path: String) -> DirectoryStamp { Self.stamp(of: path, in: state.current) }

    private static func stamp(of path: String, in state: State) -> DirectoryStamp {
        DirectoryStamp(
            inode: ProcessPlace.Step.test(path).inode + (state.rebuilt[path] ?? 0) << 32,
            birthTime: nil,
            device: 1
        )
    }

    /// Removes the directory at `path`, and makes another one there.
    package func rebuildDirectory(_ path: String) {
        state.withLock {
            $0.removed.remove(path)
            $0.rebuilt[path, default: 0] += 1
        }
    }

    /// Makes the user a person other than this one.
    package func makePerson(_ userID: UInt32) { state.withLock { _ = $0.persons.insert(userID) } }

    /// Moves the wall clock, which does not move ``uptime()``.
    package func moveClock(by seconds: Int) {
        state.withLock {
            $0.timestamp = Timestamp(milliseconds: $0.timestamp.milliseconds + Int64(seconds) * 1000)
        }
    }

    package func owner(pid: Int32, seenBy caller: Int32?) -> OwnerLookup {
        let state = state.current
        if let user = state.otherUsers[pid] { return .anotherUser(user) }
        return state.processes[pid].map(OwnerLookup.owner) ?? .noSuchProcess
    }

    package func didCommit(_ owners: OwnerSet) {}

    package func collectExits(watching owners: OwnerSet) -> Set<Owner> {
        let processes = state.current.processes
        return Set(owners.all.filter { processes[$0.pid] != $0 })
    }

    /// Always `false`: a query ends no hold, so that a test decides when ``Registry/expireHolds()`` runs.
    package func drainExits() -> Bool { false }

    package func listeningSockets(on port: Port) throws(RegistryError) -> [UInt32] {
        try sockets(on: [port]).map(\.inode)
    }

    package func listeningSockets() throws(RegistryError) -> [UInt32: Port] {
        Dictionary(try sockets(on: nil).map { ($0.inode, $0.port) }) { first, _ in first }
    }

    package var ephemeralRange: PortRange? { state.current.ephemeralRange }

    package var network: LocalNetwork { state.current.network }

    package var protectedProcesses: [Int32: ProtectedProcess] { [999: .daemon] }

    package func uses(of port: Port) throws(RegistryError) -> [PortUse] { [] }

    package var processLimit: ProcessLimit? { nil }

    package func isDirectory(_ path: String, of pid: Int32) -> Bool { !state.current.elsewhere.contains(pid) }

    /// Puts a process into another mount namespace.
    package func moveElsewhere(_ pid: Int32) { state.withLock { _ = $0.elsewhere.insert(pid) } }

    package func lineage(of pids: [Int32]) -> Set<Int32> {
        let parents = state.current.parents
        var found = Set(pids)
        for pid in pids {
            var next = pid
            while let parent = parents[next] {
                found.insert(parent)
                next = parent
            }
        }
        return found
    }

    /// A process that is signalled ends and closes its sockets, unless it ignores SIGTERM.
    package func signal(_ occupier: Occupier, holding sockets: Set<UInt32>, kill: Bool) -> SignalOutcome {
        state.withLock { state in
            state.signals.append("\(kill ? "SIGKILL" : "SIGTERM") \(occupier.pid)")
            if let user = state.otherUsers[occupier.pid] { return .anotherUser(user) }
            guard kill || !state.ignoringTermination.contains(occupier.pid) else { return .sent }
            state.processes[occupier.pid] = nil
            for index in state.listeners.indices {
                state.listeners[index].occupiers.removeAll { $0.pid == occupier.pid }
            }
            for listener in state.listeners where listener.occupiers.isEmpty { state.held.remove(listener.port) }
            state.listeners.removeAll { $0.occupiers.isEmpty }
            state.processes[occupier.pid] = nil
            return .sent
        }
    }

    package func project(around directory: String) -> Project? {
        let name = directory.split(separator: "/").last.map(String.init)
        return name.map {
            Project(
                app: $0,
                instance: "main",
                directories: Project.Directories(
                    root: directory,
                    directory: directory,
                    isRepository: !state.current.plainDirectories.contains(directory)
                )
            )
        }
    }

    package func listeners(on ports: Set<Port>?, fresh: Bool) throws(RegistryError) -> [Listener] {
        state.current.onProcessQuery()
        return try sockets(on: ports)
    }

    private func sockets(on ports: Set<Port>?) throws(RegistryError) -> [Listener] {
        let state = state.current
        if state.isKernelUnavailable {
            throw RegistryError(.systemUnavailable, "the listening sockets cannot be read")
        }
        return state.listeners.filter { ports?.contains($0.port) ?? true }
    }

    // MARK: What the test observes

    /// The number of snapshots of the sockets that were taken.
    package var snapshotCount: Int { state.current.snapshotCount }

    /// The number of snapshots of the UDP sockets that were taken.
    package var udpSnapshotCount: Int { state.current.udpSnapshotCount }

    /// The signals that were sent, in order, such as `SIGTERM 50`.
    package var signals: [String] { state.current.signals }

    /// Waits until at least one snapshot was taken.
    package func waitForSnapshot() async throws { try await state.wait { $0.snapshotCount > 0 } }

    /// Waits until the port that a snapshot was last queried about is `port`.
    package func waitForQuery(of port: Int) async throws { try await state.wait { $0.queriedPorts.last == Port(port) } }

    // MARK: What the test decides

    /// From now on, each snapshot of the sockets waits until `gate` is opened for it.
    package func blockSnapshots(by gate: Gate) { state.withLock { $0.snapshotGate = gate } }

    /// From now on, the kernel does not report who listens.
    package func makeKernelUnavailable() { state.withLock { $0.isKernelUnavailable = true } }

    /// From now on, `body` is called each time before processes are looked for.
    package func onProcessQuery(_ body: @escaping @Sendable () -> Void) {
        state.withLock { $0.onProcessQuery = body }
    }

    /// From now on, `body` is called each time before a question that blocks is answered.
    package func onBlockingQuery(_ body: @escaping @Sendable () -> Void) {
        state.withLock { $0.onBlockingQuery = body }
    }

    /// Moves the machine to a network namespace.
    package func live(in network: LocalNetwork) { state.withLock { $0.network = network } }

    /// Makes `pid` ignore SIGTERM.
    package func ignoreTermination(_ pid: Int32) { state.withLock { _ = $0.ignoringTermination.insert(pid) } }

    /// Starts a process of this user. A process that had the pid has exited.
    package func start(_ pid: Int32) {
        state.withLock { state in
            state.startCount += 1
            state.processes[pid] = Owner(
                pid: pid,
                startTime: state.startCount,
                pidfdInode: nil,
                boot: state.uptime.boot
            )
        }
    }

    /// A running process that listens, as the kernel shows it.
    package func occupier(_ pid: Int32, in directory: String? = "/", below ancestors: [Int32]) -> Occupier {
        Occupier(
            pid: pid,
            startTime: state.current.processes[pid]?.startTime ?? 1,
            name: "node",
            directory: directory,
            ancestors: ancestors,
            adoptedSince: ancestors.isEmpty ? state.current.processes[pid]?.startTime : nil
        )
    }

    /// Makes `parent` the parent of `pid`.
    package func setParent(of pid: Int32, _ parent: Int32) { state.withLock { $0.parents[pid] = parent } }

    /// Ends a process.
    package func end(_ pid: Int32) { state.withLock { $0.processes[pid] = nil } }

    /// Starts a process of another user.
    package func startAsAnotherUser(_ pid: Int32, _ user: UInt32) { state.withLock { $0.otherUsers[pid] = user } }

    /// Lets time pass while the machine is awake.
    package func advance(bySeconds seconds: Double) {
        state.withLock {
            let milliseconds = $0.uptime.milliseconds + Int64(seconds * 1000)
            $0.uptime = Uptime(boot: $0.uptime.boot, milliseconds: milliseconds)
        }
    }

    /// Reboots: no process runs, and no socket is open.
    package func reboot(as boot: String) {
        state.withLock {
            $0.uptime = Uptime(boot: boot, milliseconds: 5000)
            $0.processes = [:]
            $0.held = PortSet()
        }
    }

    /// Opens a socket on which `occupiers` listen; none for processes that the kernel does not report.
    package func listen(_ port: Int, as occupiers: Occupier...) {
        state.withLock {
            $0.held.insert(Port(port)!)
            $0.listeners.append(.test(port, by: occupiers.map { $0.placed() }))
        }
    }

    /// Reports `occupiers` for the sockets on `port`, which stay the same.
    package func show(_ port: Int, as occupiers: Occupier...) {
        state.withLock {
            for index in $0.listeners.indices where $0.listeners[index].port == Port(port) {
                $0.listeners[index].occupiers = occupiers.map { $0.placed() }
            }
        }
    }

    /// Sets the range from which the kernel chooses the ports of clients; `nil` for one that it does not tell.
    package func setEphemeralRange(_ range: PortRange?) { state.withLock { $0.ephemeralRange = range } }

    /// Binds a UDP socket that `occupiers` have open; none for processes that the kernel does not report.
    package func bindUDP(_ port: Int, as occupiers: Occupier...) {
        state.withLock { $0.udpSockets.append(.test(port, by: occupiers.map { $0.placed() }, .udp)) }
    }

    /// Closes the UDP sockets on `port`.
    package func freeUDP(_ port: Int) {
        state.withLock { $0.udpSockets.removeAll { $0.port == Port(port) } }
    }

    /// Opens sockets of which only the ports are known.
    package func occupy(_ ports: Int...) {
        state.withLock { state in for port in ports { state.held.insert(Port(port)!) } }
    }

    /// Closes the sockets on `port`.
    package func free(_ port: Int) {
        state.withLock {
            $0.held.remove(Port(port)!)
            $0.listeners.removeAll { $0.port == Port(port) }
        }
    }

    package func makeDirectory(_ path: String) { state.withLock { _ = $0.directories.insert(path) } }

    /// Unmounts the file system in `path`, and with it the directory `directory`.
    package func unmount(_ path: String, with directory: String) {
        state.withLock { state in
            state.unmounted.insert(path)
            state.directories.remove(directory)
        }
    }

    /// Mounts the file system again.
    package func mount(_ path: String, with directory: String) {
        state.withLock { state in
            state.unmounted.remove(path)
            state.directories.insert(directory)
        }
    }

    /// Makes `path` a directory that is no git repository.
    package func makePlainDirectory(_ path: String) { state.withLock { _ = $0.plainDirectories.insert(path) } }

    package func removeDirectory(_ path: String) {
        state.withLock {
            $0.directories.remove(path)
            $0.removed.insert(path)
        }
    }
}
