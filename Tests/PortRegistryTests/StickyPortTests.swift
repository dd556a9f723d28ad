import PortModel
import PortRegistry
import PortTestSupport
import Testing

@Suite struct StickyPortTests {
    @Test func releasedServiceGetsItsPortBack() async throws {
        let test = try TestRegistry()
        try await test.allocate("a/main/web")
        #expect(try await test.port("a/main/db") == 3001)
        try await test.release("a/main/db")
        try await test.release("a/main/web")
        #expect(try await test.port("a/main/db") == 3001)
    }

    @Test func explicitPortIsRemembered() async throws {
        let test = try TestRegistry()
        try await test.allocate("a/main/web", port: 8080)
        try await test.release("a/main/web")
        #expect(try await test.port("a/main/web") == 8080)
    }

    @Test func portsThatOthersRememberAreGivenLast() async throws {
        let test = try TestRegistry(pool: "3000-3003")
        for name in ["a", "b", "c"] { try await test.allocate("\(name)/main/web") }
        for name in ["b", "a", "c"] { try await test.release("\(name)/main/web") }
        #expect(try await test.port("new/main/1") == 3003)
        #expect(try await test.port("new/main/2") == 3001)
        #expect(try await test.port("new/main/3") == 3000)
        #expect(try await test.port("new/main/4") == 3002)
    }

    @Test func serviceWhosePortWasGivenAwayMovesWithAWarning() async throws {
        let test = try TestRegistry(pool: "3000-3001")
        try await test.allocate("a/main/web")
        try await test.release("a/main/web")
        try await test.allocate("b/main/web", port: 3000)
        let grant = try await test.allocate("a/main/web")
        #expect(grant.allocation.port == Port(3001))
        #expect(
            grant.warnings == ["port 3000, which a/main/web had last, is allocated to b/main/web: moved to 3001"]
        )
        let history = try await test.registry.journal(about: Port(3000)!, limit: 1)
        #expect(history[0].action == .moved && history[0].identity?.description == "a/main/web")
        #expect(history[0].reason == grant.warnings[0])
    }

    @Test func serviceWithABusyPortMovesOrFailsWhenStrict() async throws {
        let test = try TestRegistry()
        try await test.allocate("a/main/web")
        try await test.release("a/main/web")
        test.machine.occupy(3000)
        let refusal = await test.refusal { try await test.allocate("a/main/web", strict: true) }
        #expect(refusal?.code == .rememberedPortTaken)
        let grant = try await test.allocate("a/main/web")
        #expect(grant.allocation.port == Port(3001))
        #expect(grant.warnings == ["port 3000, which a/main/web had last, is in use on system: moved to 3001"])
    }

    @Test func forgetReleasesThePortForOthers() async throws {
        let test = try TestRegistry(pool: "3000-3001")
        try await test.allocate("a/main/web")
        let identity = try ServiceIdentity(path: "a/main/web")!
        let forgotten = try await test.registry.forget(identity, project: nil, by: TestRegistry.caller)
        #expect(forgotten == ForgottenService(identity: identity, port: Port(3000)!, wasAllocated: true))
        #expect(try await test.port("b/main/web") == 3000)
        let refusal = await test.refusal {
            _ = try await test.registry.forget(identity, project: nil, by: TestRegistry.caller)
        }
        #expect(refusal?.code == .nothingRemembered)
    }

    @Test func forgetKeepsThePortThatAnotherServiceRemembers() async throws {
        let test = try TestRegistry(pool: "3000-3001")
        try await test.allocate("a/main/web", port: 3000)
        try await test.release("a/main/web")
        try await test.allocate("b/main/web", port: 3000)
        _ = try await test.registry.forget(
            ServiceIdentity(path: "b/main/web")!,
            project: nil,
            by: TestRegistry.caller
        )
        #expect(try await test.port("c/main/web") == 3001)
        #expect(try await test.port("a/main/web") == 3000)
    }
}
