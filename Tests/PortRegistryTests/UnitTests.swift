import PortModel
import Testing

@testable import PortRegistry

@Suite struct UnitTests {
    @Test func whatEndsWithinACommitIsThereForTheNextOfIt() async throws {
        let test = try TestRegistry(pool: "3000-3000")
        let held = try await test.allocate("x/main/web").allocation
        let (before, after) = try await test.registry.committer.perform { unit in
            let pool = PortPool("3000-3000")!
            let before = try unit.longestUnusedPorts(in: pool)
            try unit.end(held, .released, by: TestRegistry.asker)
            return .success((before, try unit.longestUnusedPorts(in: pool)))
        }
        #expect(before == [] && after == [held.port])
    }

    @Test func whatWasUndoneWithinACommitIsFreeForTheNextOfIt() async throws {
        let test = try TestRegistry(pool: "3000-3000")
        let port = try await test.allocate("x/main/web").allocation.port
        try await test.release("x/main/web")
        let (during, after) = try await test.registry.committer.perform {
            unit -> Result<([Port]?, [Port]), RegistryError> in
            let pool = PortPool("3000-3000")!
            var during: [Port]?
            let hold = Hold(face: .registry, placedAt: unit.now, renewedAt: unit.now, lifetime: .permanent)
            let refused: Result<Void, RegistryError> = try unit.attempt {
                let identity = try ServiceIdentity(app: "y", instance: "main", service: "web")
                _ = try unit.transaction.insert(
                    NewAllocation(identity: identity, replica: 0, port: port, folder: nil, hold: hold)
                )
                during = try unit.longestUnusedPorts(in: pool)
                return .failure(RegistryError(.poolFull, "full"))
            }
            guard case .failure = refused else { return .success((nil, [])) }
            return .success((during, try unit.longestUnusedPorts(in: pool)))
        }
        #expect(during == [] && after == [port])
    }
}
