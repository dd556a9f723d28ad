import PortModel
import PortRegistry
import PortStore
import Testing

/// The face of port-manager and PortManager.
@Suite struct ManagerFaceTests {
    private let test = try! TestRegistry()

    private func allocate(_ identity: ServiceIdentity = .unnamed, range: String? = nil) async throws -> Int {
        let grant = try await test.request(identity.description, as: .manager) {
            $0.whenAllocated = .further
            $0.pool = range.flatMap { PortPool($0) }
        }
        return Int(grant.allocation.port.number)
    }

    @Test func unnamedServiceHasNoRememberedPort() async throws {
        #expect(try await allocate() == 3000)
        try await test.release(ServiceIdentity.unnamed.description)
        // No service remembers the port, so a named service gets it first, and not last.
        #expect(try await test.port("shop/main/web") == 3000)
        #expect(try await test.store.read { try $0.rememberedPort(of: .unnamed, replica: 0) } == nil)
    }

    @Test func namedServiceGetsItsPortBackIfTheRangeAllowsIt() async throws {
        let web = try ServiceIdentity(app: "shop", worktree: nil, role: "web")
        #expect(web.description == "shop/default/web")
        #expect(try await allocate(web, range: "3005-3009") == 3005)
        try await test.release(web.description)
        #expect(try await allocate(web) == 3005)
        try await test.release(web.description)
        #expect(try await allocate(web, range: "3100-3109") == 3100)
    }

    @Test func emptyNamesCountAsMissing() throws {
        #expect(try ServiceIdentity(app: "", worktree: "", role: "") == .unnamed)
        #expect(throws: RegistryError.self) { try ServiceIdentity(app: " ", worktree: nil, role: nil) }
    }

    @Test func releaseAllEndsOnlyTheHoldsOfTheFace() async throws {
        _ = try await allocate()
        let shared = try ServiceIdentity(path: "shop/main/web")!
        let port = try await allocate(shared)
        try await test.allocate("shop/main/web", ensure: true)
        let others = try await test.allocate("shop/main/api")
        let ended = try await test.registry.releaseAll(by: Caller(face: .manager))
        #expect(ended.map(\.identity) == [.unnamed])
        let left = try await test.registry.allocations(matching: AllocationFilter())
        #expect(left.map { Int($0.port.number) } == [port, Int(others.allocation.port.number)])
        #expect(left.allSatisfy { $0.holds.map(\.face) == [.registry] })
    }

    @Test func fullRangeIsNamed() async throws {
        _ = try await allocate(range: "3001-3001")
        let refusal = await test.refusal { _ = try await allocate(range: "3001-3001") }
        #expect(refusal?.code == .poolFull && refusal?.message.hasPrefix("range 3001 is full") == true)
    }
}
