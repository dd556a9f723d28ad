import PortModel
import PortRegistry
import PortStore
import PortTestSupport
import Testing

/// A question reads one snapshot of the store.
@Suite struct SnapshotTests {
    let machine = FakeMachine()
    let store: CountingStore
    let registry: Registry

    init() throws {
        store = CountingStore(try SQLiteStore(inMemoryWith: .init()))
        store.release()
        registry = Registry(
            store: store,
            machine: machine,
            settings: RegistrySettings(pools: [.registry: PortPool("3000-3999")!])
        )
    }

    @discardableResult
    private func allocate(_ service: String, ttl: Int? = nil) async throws -> Port {
        var request = AllocationRequest(identity: try ServiceIdentity(app: "shop", instance: "main", service: service))
        request.hold = ttl.map { .ttl($0) } ?? .permanent
        return try await registry.allocate(request, by: TestRegistry.caller).allocation.port
    }

    private static let questions: [(name: String, query: @Sendable (Registry) async throws -> Void)] = [
        ("allocations", { _ = try await $0.allocations(matching: AllocationFilter()) }),
        ("groups", { _ = try await $0.groups(matching: AllocationFilter()) }),
        ("lookup", { _ = try await $0.lookUp("web", in: nil) }),
        ("lookup of a service", { _ = try await $0.lookUpReports("web", in: nil) }),
        ("lookup of an unknown service", { _ = try await $0.lookUpReports("db", in: nil) }),
        ("listeners", { _ = try await $0.listeners() }),
        ("allocated port", { _ = try await $0.inspection(of: Port(3000)!) }),
        ("busy port", { _ = try await $0.inspection(of: Port(5000)!) }),
        ("journal", { _ = try await $0.journal(limit: 10) }),
        ("pools", { _ = try await $0.poolUsage() }),
        ("health", { _ = try await $0.allocationCount() }),
    ]

    @Test(arguments: questions.map(\.name))
    func questionReadsOneSnapshot(_ name: String) async throws {
        machine.listen(Int(try await allocate("web").number))
        machine.listen(5000)
        let (reads, transactions) = (store.reads, store.transactions)
        try await Self.questions.first { $0.name == name }!.query(registry)
        #expect(store.reads == reads + 1)
        #expect(store.transactions == transactions)
    }

    @Test func expiredHoldIsEndedBeforeTheAnswer() async throws {
        let port = try await allocate("web", ttl: 5)
        machine.advance(bySeconds: 5)
        let (reads, transactions) = (store.reads, store.transactions)
        #expect(try await registry.allocations(matching: AllocationFilter()).isEmpty)
        // The first snapshot shows the expired hold.
        #expect(store.reads == reads + 2)
        #expect(store.transactions == transactions + 1)
        #expect(try await registry.inspection(of: port).availability == .available(warnings: []))
        #expect(store.reads == reads + 3)
    }

    @Test func storeThatCannotBeWrittenStillAnswers() async throws {
        try await allocate("web", ttl: 5)
        machine.advance(bySeconds: 5)
        store.lock()
        #expect(try await registry.allocations(matching: AllocationFilter()).map(\.identity.service) == ["web"])
    }

    @Test func listenersShowTheAllocationOfEachPort() async throws {
        for service in ["web", "api"] { try await allocate(service) }
        for port in [3000, 3001, 5000] { machine.listen(port) }
        let services = try await registry.listeners().map { $0.allocation?.allocation.identity.service }
        #expect(services == ["web", "api", nil])
    }
}
