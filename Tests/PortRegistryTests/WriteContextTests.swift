import PortModel
import Testing

@testable import PortRegistry

@Suite struct WriteContextTests {
    @Test func portReleasedWithinACommitIsUnusedForTheNextRequest() async throws {
        let test = try TestRegistry(pool: "3000-3000")
        let held = try await test.allocate("x/main/web").allocation
        let (before, after) = try await test.registry.committer.perform { context in
            let pool = PortPool("3000-3000")!
            let before = try context.leastRecentlyUsedPorts(in: pool)
            try context.end(held, .released, by: TestRegistry.caller)
            return .success((before, try context.leastRecentlyUsedPorts(in: pool)))
        }
        #expect(before == [] && after == [held.port])
    }

    @Test func portOfARolledBackRequestIsUnusedForTheNextRequest() async throws {
        let test = try TestRegistry(pool: "3000-3000")
        let port = try await test.allocate("x/main/web").allocation.port
        try await test.release("x/main/web")
        let (during, after) = try await test.registry.committer.perform {
            context -> Result<([Port]?, [Port]), RegistryError> in
            let pool = PortPool("3000-3000")!
            var during: [Port]?
            let hold = Hold(face: .registry, placedAt: context.now, renewedAt: context.now, lifetime: .permanent)
            let refused: Result<Void, RegistryError> = try context.attempt {
                let identity = try ServiceIdentity(app: "y", instance: "main", service: "web")
                _ = try context.transaction.insert(
                    NewAllocation(identity: identity, replica: 0, port: port, directory: nil, hold: hold)
                )
                during = try context.leastRecentlyUsedPorts(in: pool)
                return .failure(RegistryError(.poolFull, "full"))
            }
            guard case .failure = refused else { return .success((nil, [])) }
            return .success((during, try context.leastRecentlyUsedPorts(in: pool)))
        }
        #expect(during == [] && after == [port])
    }
}
