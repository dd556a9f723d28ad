import PortManager
import Testing

/// Two managers with one file, as in two programs.
@Suite struct SharedRegistryTests {
    private let registry = try! TemporaryRegistry()

    @Test func portAllocatedByOneManagerIsTakenForTheOther() async throws {
        let (one, other) = (try registry.manager(), try registry.manager())
        let first = try await one.allocate()
        let second = try await other.allocate()
        #expect(first != second)
        #expect(try await one.listAllocations() == other.listAllocations())
        #expect(try await one.listAllocations().map(\.port) == [first, second])
        #expect(await refusal { _ = try await other.reserve(first) }?.code == "port_allocated")
    }

    @Test func portReleasedByOneManagerIsFreeForTheOther() async throws {
        let (one, other) = (try registry.manager(), try registry.manager())
        let port = try await one.allocate()
        #expect(try await other.release(port))
        #expect(try await one.listAllocations().isEmpty)
        #expect(try await !one.release(port))
        #expect(try await other.allocate() == port)
    }

    @Test func concurrentAllocationsAreAllDifferent() async throws {
        let managers = [try registry.manager(), try registry.manager()]
        let ports = try await withThrowingTaskGroup(of: Int.self) { tasks in
            for number in 0..<200 {
                tasks.addTask { try await managers[number % 2].allocate(in: 61_050...65_535) }
            }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
        #expect(ports.count == 200 && Set(ports).count == 200)
        #expect(try await Set(managers[0].listAllocations().map(\.port)) == Set(ports))
    }

    @Test func concurrentGroupsShareNoPort() async throws {
        let managers = [try registry.manager(), try registry.manager()]
        let groups = try await withThrowingTaskGroup(of: AllocatedGroup.self) { tasks in
            for number in 0..<20 {
                tasks.addTask {
                    try await managers[number % 2].allocateGroup(3, in: 61_050...65_535, contiguous: true)
                }
            }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(groups.map(\.id)).count == 20 && Set(groups.flatMap(\.ports)).count == 60)
        #expect(groups.allSatisfy { $0.ports == Array($0.ports[0]...$0.ports[0] + 2) })
    }

    @Test func registryOutlivesItsManagers() async throws {
        let port = try await registry.manager().allocate(metadata: ["app": "shop"])
        let allocations = try await registry.manager().listAllocations()
        #expect(allocations.map(\.port) == [port] && allocations[0].metadata == ["app": "shop"])
    }
}
