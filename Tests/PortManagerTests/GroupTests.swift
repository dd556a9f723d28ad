import PortManager
import PortTestSupport
import Testing

/// PortManager's groups of ports with roles.
@Suite struct GroupTests {
    private let registry = try! TemporaryRegistry()

    @Test func eachRoleHasAPort() async throws {
        let manager = try registry.manager()
        let roles = ["frontend", "backend", "test"]
        let group = try await manager.allocateGroup(3, roles: roles, metadata: ["app": "miyabi", "note": "x"])
        #expect(group.members.map(\.role) == roles && Set(group.ports).count == 3)
        #expect(group.ports.allSatisfy(registry.ports.contains))
        #expect(group["frontend"] == group.ports[0] && group["test"] == group.ports[2] && group["other"] == nil)
        for allocation in try await manager.listAllocations() {
            #expect(allocation.group == group.id && allocation.metadata["app"] == "miyabi")
            #expect(allocation.metadata["note"] == "x")
            #expect((allocation.metadata["role"]?.text).flatMap { group[$0] } == allocation.port)
        }
        #expect(try await manager.listGroups() == [group])
    }

    @Test func roleMayRepeat() async throws {
        let group = try await registry.manager().allocateGroup(3, roles: ["web", "test", "web"])
        #expect(group.members.map(\.role) == ["web", "test", "web"] && Set(group.ports).count == 3)
        #expect(group["web"] == group.ports[0])
    }

    @Test func groupWithoutRolesHasUnnamedPorts() async throws {
        let manager = try registry.manager()
        let group = try await manager.allocateGroup(4)
        #expect(Set(group.ports).count == 4)
        #expect(try await manager.listAllocations().allSatisfy { $0.metadata["role"] == nil })
    }

    @Test func groupThatDoesNotFitAllocatesNothing() async throws {
        let manager = try registry.manager()
        let three = registry.firstPort...registry.firstPort + 2
        #expect(await refusal { _ = try await manager.allocateGroup(4, in: three) }?.code == "pool_full")
        #expect(try await manager.listAllocations().isEmpty)
        #expect(try await manager.allocateGroup(3, in: three).ports.sorted() == Array(three))
    }

    @Test func contiguousGroupHasConsecutivePorts() async throws {
        let manager = try registry.manager()
        let first = registry.firstPort
        _ = try await manager.reserve(first + 2)
        let socket = try ListeningSocket(on: first + 5)
        defer { socket.end() }
        let group = try await manager.allocateGroup(3, contiguous: true)
        #expect(group.ports == [first + 6, first + 7, first + 8])
        let free = await refusal { _ = try await manager.allocateGroup(3, in: first...first + 5, contiguous: true) }
        #expect(free?.code == "pool_full")
        #expect(try await manager.allocateGroup(3, in: first...first + 5).ports == [first, first + 1, first + 3])
    }

    @Test(arguments: [0, -1, 1001, 100_000, .min, .max]) func countOutOfBoundsIsRefused(_ count: Int) async throws {
        let manager = try registry.manager()
        #expect(await refusal { _ = try await manager.allocateGroup(count) }?.code == "invalid_request")
        #expect(try await manager.listAllocations().isEmpty)
    }

    @Test(arguments: [["a"], ["a", "b"], ["a", "b", "c", "d"]])
    func numberOfRolesMustMatchNumberOfPorts(_ roles: [String]) async throws {
        let manager = try registry.manager()
        #expect(await refusal { _ = try await manager.allocateGroup(3, roles: roles) }?.code == "invalid_request")
        #expect(try await manager.listAllocations().isEmpty)
    }

    @Test func groupIsReleasedAsAWhole() async throws {
        let manager = try registry.manager()
        let other = try await manager.allocate()
        let group = try await manager.allocateGroup(3, roles: ["a", "b", "c"])
        #expect(try await manager.releaseGroup(group.id))
        #expect(try await manager.listAllocations().map(\.port) == [other])
        #expect(try await manager.listGroups().isEmpty)
        #expect(try await !manager.releaseGroup(group.id))
        #expect(try await !manager.releaseGroup("no such group"))
    }

    @Test func groupGetsItsLastPortsAgain() async throws {
        let manager = try registry.manager()
        let (roles, metadata) = (["web", "api"], ["app": "shop"])
        let group = try await manager.allocateGroup(2, roles: roles, metadata: metadata)
        try await manager.releaseGroup(group.id)
        _ = try await manager.allocateGroup(2)
        let again = try await manager.allocateGroup(2, roles: roles, metadata: metadata)
        #expect(again.ports == group.ports && again.id != group.id)
    }
}
