import FoundationEssentials
import PortModel
import PortRegistry
import PortStore
import Synchronization

/// A machine whose sockets, directories, processes and uptime the test decides.
final class FakeMachine: Machine {
    private struct State {
        var held = PortSet()
        var directories: Set<String> = []
        var looks = 0
        var obstacle: Gate?
        var questions: [Port] = []
        var uptime = Uptime(boot: "boot-1", milliseconds: 1_000_000)
        var processes: [Int32: Owner] = [:]
        var strangers: [Int32: UInt32] = [:]
        var starts: Int64 = 0
        var listeners: [Listener] = []
        var signals: [String] = []
        var ignoring: Set<Int32> = []
        var isSilent = false
    }

    private let state = Mutex(State())

    struct Held: HeldPorts {
        let isSnapshot = true
        let ports: PortSet
        let onQuestion: @Sendable (Port) -> Void

        func isHeld(_ port: Port) -> Bool {
            onQuestion(port)
            return ports.contains(port)
        }
    }

    func heldPorts() -> any HeldPorts {
        state.withLock(\.obstacle)?.wait()
        return state.withLock { state in
            state.looks += 1
            return Held(ports: state.held, onQuestion: { port in self.state.withLock { $0.questions.append(port) } })
        }
    }

    /// No look is finished until the gate is opened for it.
    func block(by gate: Gate) { state.withLock { $0.obstacle = gate } }

    /// The ports that looks were asked about, in order.
    var questions: [Port] { state.withLock { $0.questions } }

    func directoryExists(_ path: String) -> Bool { state.withLock { $0.directories.contains(path) } }

    func uptime() -> Uptime { state.withLock { $0.uptime } }

    func owner(pid: Int32, seenBy caller: Int32?) -> OwnerLookup {
        state.withLock { state in
            if let user = state.strangers[pid] { return .anotherUser(user) }
            return state.processes[pid].map(OwnerLookup.owner) ?? .noSuchProcess
        }
    }

    func didCommit(_ owners: OwnerSet) {}

    func collectExits(of owners: OwnerSet) -> Set<Owner> {
        state.withLock { state in Set(owners.all.filter { state.processes[$0.pid] != $0 }) }
    }

    /// Reads do not judge here: what becomes of allocations is the tests' own request.
    func hasNewExits() -> Bool { false }

    func listeningSockets(on port: Port) throws(RegistryError) -> [UInt32] {
        try listeners(on: [port], fresh: false).map(\.inode)
    }

    /// The kernel answers no more.
    func silence() { state.withLock { $0.isSilent = true } }

    func listeningSockets() throws(RegistryError) -> [UInt32: Port] {
        Dictionary(try listeners(on: nil, fresh: false).map { ($0.inode, $0.port) }) { first, _ in first }
    }

    var ephemeralRange: PortRange? { PortRange("32768-60999") }

    var protectedProcesses: [Int32: ProtectedProcess] { [999: .daemon] }

    /// A signalled process closes its sockets, unless it ignores SIGTERM.
    func signal(_ occupier: Occupier, holding sockets: Set<UInt32>, kill: Bool) -> SignalOutcome {
        state.withLock { state in
            state.signals.append("\(kill ? "SIGKILL" : "SIGTERM") \(occupier.pid)")
            if let user = state.strangers[occupier.pid] { return .anotherUser(user) }
            guard kill || !state.ignoring.contains(occupier.pid) else { return .sent }
            for index in state.listeners.indices {
                state.listeners[index].occupiers.removeAll { $0.pid == occupier.pid }
            }
            for listener in state.listeners where listener.occupiers.isEmpty { state.held.remove(listener.port) }
            state.listeners.removeAll { $0.occupiers.isEmpty }
            return .sent
        }
    }

    func ignoreTermination(_ pid: Int32) { _ = state.withLock { $0.ignoring.insert(pid) } }

    /// What was sent, in order.
    var signals: [String] { state.withLock { $0.signals } }

    func project(around directory: String) -> SurroundingProject? {
        let name = directory.split(separator: "/").last.map(String.init)
        return name.map { SurroundingProject(app: $0, instance: "main", root: directory) }
    }

    func listeners(on ports: Set<Port>?, fresh: Bool) throws(RegistryError) -> [Listener] {
        if state.withLock({ $0.isSilent }) { throw RegistryError(.systemUnavailable, "the kernel does not say who listens") }
        return state.withLock { $0.listeners.filter { ports?.contains($0.port) ?? true } }
    }

    /// A new process of this user; whoever had the pid has exited.
    func start(_ pid: Int32) {
        state.withLock { state in
            state.starts += 1
            state.processes[pid] = Owner(pid: pid, startTime: state.starts, pidfdInode: nil, boot: state.uptime.boot)
        }
    }

    func end(_ pid: Int32) { state.withLock { $0.processes[pid] = nil } }

    func startAsAnotherUser(_ pid: Int32, _ user: UInt32) { state.withLock { $0.strangers[pid] = user } }

    /// Time passes while the machine is awake.
    func run(seconds: Double) {
        state.withLock {
            let milliseconds = $0.uptime.milliseconds + Int64(seconds * 1000)
            $0.uptime = Uptime(boot: $0.uptime.boot, milliseconds: milliseconds)
        }
    }

    func reboot(as boot: String) {
        state.withLock {
            $0.uptime = Uptime(boot: boot, milliseconds: 5000)
            $0.processes = [:]
            $0.held = PortSet()
        }
    }

    /// Somebody listens.
    func listen(_ port: Int, as occupiers: Occupier...) {
        state.withLock {
            $0.held.insert(Port(port)!)
            $0.listeners.append(.test(port, by: occupiers))
        }
    }

    func occupy(_ ports: Int...) { state.withLock { state in for port in ports { state.held.insert(Port(port)!) } } }

    func free(_ port: Int) {
        state.withLock {
            $0.held.remove(Port(port)!)
            $0.listeners.removeAll { $0.port == Port(port) }
        }
    }

    func makeDirectory(_ path: String) { _ = state.withLock { $0.directories.insert(path) } }

    func removeDirectory(_ path: String) { _ = state.withLock { $0.directories.remove(path) } }

    /// How often somebody looked at the sockets.
    var looks: Int { state.withLock { $0.looks } }
}

/// A clock that stands still until it is moved.
final class FakeClock: Sendable {
    private let time = Mutex(Date(timeIntervalSince1970: 1_700_000_000))

    var now: Date { time.withLock { $0 } }

    func advance(by seconds: Double) { time.withLock { $0 += seconds } }
}

/// The rules on a real database in memory.
struct TestRegistry {
    let machine = FakeMachine()
    let clock = FakeClock()
    let store: SQLiteStore
    let registry: Registry

    init(pool: String = "3000-3999", exclude: String? = nil, limits: SQLiteStore.Limits = .init()) throws {
        var exclusions = PortExclusions()
        if let exclude { exclusions.exclude(PortSet(PortRange(exclude)!), because: .configured) }
        store = try SQLiteStore(inMemoryWith: limits)
        let clock = clock
        registry = Registry(
            store: store,
            machine: machine,
            settings: RegistrySettings(
                pools: [.registry: PortPool(pool)!, .leases: PortPool("8000-8004")!],
                exclusions: exclusions
            ),
            now: { clock.now }
        )
    }

    static let caller = Caller(face: .registry, name: "test")

    func glance() throws -> ConflictDetector.ChangeToken { try ConflictDetector.ChangeToken(at: registry) }

    @discardableResult
    func allocate(
        _ path: String,
        port: Int? = nil,
        ensure: Bool = false,
        adopt: Bool = false,
        strict: Bool = false,
        root: String? = nil
    ) async throws -> Grant {
        try await ask(path) { request in
            request.port = port.flatMap { Port($0) }
            request.whenAllocated = ensure ? .share : .refuse
            request.adopt = adopt
            request.strict = strict
            request.project = root.map { ProjectDirectory(root: $0, directory: $0) }
        }
    }

    /// Asks as `face`, with the wishes that `wish` sets.
    @discardableResult
    func ask(
        _ path: String,
        as face: Face = .registry,
        _ wish: (inout AllocationRequest) -> Void = { _ in }
    ) async throws -> Grant {
        // Later entries are later in time, so that "longest unused" is decided.
        clock.advance(by: 1)
        var request = AllocationRequest(identity: try ServiceIdentity(path: path)!)
        wish(&request)
        return try await registry.allocate(request, by: Caller(face: face, name: "test"))
    }

    /// The port of `path`'s first replica; `nil` when it has none any more. Asks as a request does, so what is over
    /// ends.
    func held(_ path: String) async throws -> Int? {
        _ = try await registry.expireHolds()
        return try await registry.lookUp(path, in: nil).first.map { Int($0.port.number) }
    }

    func port(_ path: String, port: Int? = nil, adopt: Bool = false) async throws -> Int {
        Int(try await allocate(path, port: port, adopt: adopt).allocation.port.number)
    }

    func release(_ path: String) async throws {
        clock.advance(by: 1)
        let identity = try ServiceIdentity(path: path)!
        _ = try await registry.release(
            matching: AllocationFilter(app: identity.app, instance: identity.instance, service: identity.service),
            project: nil,
            by: Self.caller
        )
    }

    /// The refusal that `body` meets; records an issue when it meets none.
    func refusal(_ body: () async throws -> Void) async -> RegistryError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? RegistryError
        }
    }
}

extension Listener {
    /// A socket of user 1000 on every IPv4 address.
    static func test(_ port: Int, by occupiers: [Occupier]) -> Listener {
        Listener(port: Port(port)!, address: "0.0.0.0", userID: 1000, inode: UInt32(port), occupiers: occupiers)
    }
}
