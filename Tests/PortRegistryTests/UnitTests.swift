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
}
