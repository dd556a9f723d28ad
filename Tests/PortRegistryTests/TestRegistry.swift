import PortModel
import PortRegistry
import PortStore
import PortTestSupport

/// A registry with a real database in memory, on a fake machine.
struct TestRegistry {
    let machine = FakeMachine()
    let store: SQLiteStore
    let registry: Registry

    init(
        pool: String = "3000-3999",
        exclude: String? = nil,
        excluding exclusions: PortExclusions = PortExclusions(),
        limits: SQLiteStore.Limits = .init()
    ) throws {
        var exclusions = exclusions
        if let exclude { exclusions.exclude(PortSet(PortRange(exclude)!), because: .configured) }
        store = try SQLiteStore(inMemoryWith: limits)
        registry = Registry(
            store: store,
            machine: machine,
            settings: RegistrySettings(
                pools: [.registry: PortPool(pool)!, .leases: PortPool("8000-8004")!],
                exclusions: exclusions
            )
        )
    }

    static let caller = Caller(face: .registry, name: "test")

    /// Returns a registry over another store, on the same machine.
    func registry(over store: any RegistryStore) -> Registry {
        return Registry(store: store, machine: machine, settings: registry.settings)
    }

    func changeToken() throws -> ConflictDetector.ChangeToken { try Self.changeToken(at: registry) }

    static func changeToken(at registry: Registry) throws -> ConflictDetector.ChangeToken {
        try ConflictDetector.ChangeToken(at: registry)
    }

    @discardableResult
    func allocate(
        _ path: String,
        port: Int? = nil,
        ensure: Bool = false,
        adopt: Bool = false,
        strict: Bool = false,
        root: String? = nil,
        rootIdentity: DirectoryIdentity? = nil
    ) async throws -> Grant {
        try await request(path) { request in
            request.port = port.flatMap { Port($0) }
            request.whenAllocated = ensure ? .share : .refuse
            request.adopt = adopt
            request.strict = strict
            request.project = root.map {
                Project.Directories(root: $0, directory: $0, rootIdentity: rootIdentity)
            }
        }
    }

    /// Allocates as `face`, with what `configure` sets.
    @discardableResult
    func request(
        _ path: String,
        as face: Face = .registry,
        _ configure: (inout AllocationRequest) -> Void = { _ in }
    ) async throws -> Grant {
        // Later entries have later times, so that one port is the least recently used.
        machine.moveClock(by: 1)
        var request = AllocationRequest(identity: try ServiceIdentity(path: path)!)
        configure(&request)
        return try await registry.allocate(request, by: Caller(face: face, name: "test"))
    }

    /// Returns the port of the first replica of `path`; `nil` when there is none. Ends expired holds first, as every
    /// write does.
    func heldPort(_ path: String) async throws -> Int? {
        _ = try await registry.expireHolds()
        return try await registry.lookUp(path, in: nil).first.map { Int($0.port.number) }
    }

    /// Allocates a port for `path` and returns it.
    func port(_ path: String, port: Int? = nil, adopt: Bool = false) async throws -> Int {
        Int(try await allocate(path, port: port, adopt: adopt).allocation.port.number)
    }

    func release(_ path: String) async throws {
        machine.moveClock(by: 1)
        let identity = try ServiceIdentity(path: path)!
        _ = try await registry.release(
            matching: AllocationFilter(app: identity.app, instance: identity.instance, service: identity.service),
            project: nil,
            by: Self.caller
        )
    }

    /// Returns the refusal that `body` throws; `nil` when it throws nothing.
    func refusal(_ body: () async throws -> Void) async -> RegistryError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? RegistryError
        }
    }
}
