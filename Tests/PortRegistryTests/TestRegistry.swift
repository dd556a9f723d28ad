import FoundationEssentials
import PortModel
import PortRegistry
import PortStore
import Synchronization

/// A machine whose sockets and folders the test decides.
final class FakeMachine: Machine {
    private struct State {
        var held = PortSet()
        var folders: Set<String> = []
        var looks = 0
    }

    private let state = Mutex(State())

    struct Held: HeldPorts {
        let ports: PortSet

        func isHeld(_ port: Port) -> Bool { ports.contains(port) }
    }

    func heldPorts() -> any HeldPorts {
        state.withLock { state in
            state.looks += 1
            return Held(ports: state.held)
        }
    }

    func folderExists(_ path: String) -> Bool { state.withLock { $0.folders.contains(path) } }

    func occupy(_ ports: Int...) { state.withLock { state in for port in ports { state.held.insert(Port(port)!) } } }

    func free(_ port: Int) { state.withLock { $0.held.remove(Port(port)!) } }

    func makeFolder(_ path: String) { _ = state.withLock { $0.folders.insert(path) } }

    func removeFolder(_ path: String) { _ = state.withLock { $0.folders.remove(path) } }

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

    init(pool: String = "3000-3999", exclude: String? = nil) throws {
        var exclusions = PortExclusions()
        if let exclude { exclusions.exclude(PortSet(PortRange(exclude)!), because: .configured) }
        store = try SQLiteStore(inMemoryWith: .init())
        let clock = clock
        registry = Registry(
            store: store,
            machine: machine,
            settings: RegistrySettings(pools: [.registry: PortPool(pool)!], exclusions: exclusions),
            now: { clock.now }
        )
    }

    static let asker = Asker(face: .registry, caller: "test")

    @discardableResult
    func allocate(
        _ path: String,
        port: Int? = nil,
        ensure: Bool = false,
        adopt: Bool = false,
        strict: Bool = false,
        root: String? = nil
    ) async throws -> Grant {
        // Later entries are later in time, so that "longest unused" is decided.
        clock.advance(by: 1)
        return try await registry.allocate(
            AllocationRequest(
                identity: try ServiceIdentity(path: path)!,
                port: port.flatMap { Port($0) },
                ensure: ensure,
                adopt: adopt,
                strict: strict,
                project: root.map { ProjectFolder(root: $0, folder: $0) }
            ),
            by: Self.asker
        )
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
            by: Self.asker
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
