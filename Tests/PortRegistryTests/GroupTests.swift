import FoundationEssentials
import PortModel
import PortRegistry
import PortStore
import PortTestSupport
import Testing

@Suite struct GroupTests {
    private let test = try! TestRegistry(pool: "3000-3009", exclude: "3005-3005")

    private func allocate(
        _ count: Int,
        _ roles: [String] = [],
        contiguous: Bool = false,
        range: String? = nil
    ) async throws -> PortGroup {
        test.machine.moveClock(by: 1)
        var request = try GroupRequest(count: count, roles: roles, app: "shop", instance: "main")
        request.isContiguous = contiguous
        request.pool = range.flatMap { PortPool($0) }
        return try await test.registry.allocate(request, by: TestRegistry.caller)
    }

    private func ports(_ group: PortGroup) -> [Int] { group.allocations.map { Int($0.port.number) } }

    @Test func groupHasAPortForEachRole() async throws {
        let group = try await allocate(3, ["frontend", "backend", "test"])
        #expect(ports(group) == [3000, 3001, 3002])
        #expect(group.allocations.map(\.identity.service) == ["frontend", "backend", "test"])
        let other = try await allocate(2, ["frontend", "cache"])
        #expect(other.id != group.id && other.allocations.map(\.replica) == [1, 0])
        let groups = try await test.registry.groups(matching: AllocationFilter(app: "shop"))
        #expect(groups.map(\.id) == [group.id, other.id] && ports(groups[0]) == [3000, 3001, 3002])
    }

    @Test func repeatedRoleHasReplicas() async throws {
        let group = try await allocate(3, ["worker", "worker", "web"])
        #expect(group.allocations.map(\.replica) == [0, 1, 0])
        #expect(try await allocate(2).allocations.map(\.identity.service) == ["port", "port"])
    }

    @Test func groupThatDoesNotFitChangesNothing() async throws {
        try await test.allocate("old/main/web", port: 3000)
        try await test.release("old/main/web")
        let before = try await allocate(4)
        test.machine.occupy(3006)
        let refusal = await test.refusal { _ = try await allocate(5, ["a", "b", "c", "d", "e"]) }
        #expect(refusal?.code == .poolFull)
        #expect(try await test.registry.allocations(matching: AllocationFilter()) == before.allocations)
        // Nothing is remembered of it, and its ports are free.
        #expect(
            try await test.store.read { try $0.rememberedPort(of: ServiceIdentity(path: "shop/main/a")!, replica: 0) }
                == nil
        )
        #expect(ports(try await allocate(4, ["a", "b", "c", "d"])) == [3007, 3008, 3009, 3000])
        let journal = try await test.registry.journal(limit: 100)
        let reason = "a group of 5: range 3000-3009 has 4 free ports, but 5 were requested"
        #expect(journal.count { $0.action == .refused && $0.reason == reason } == 1)
        #expect(journal.count { $0.action == .allocated } == 9)
    }

    @Test func refusedGroupsKeepOtherAllocationsOfTheirCommit() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<20 {
                group.addTask { _ = try? await allocate(20) }
                group.addTask { _ = try await test.registry.allocate(request(index), by: TestRegistry.caller) }
            }
            try await group.waitForAll()
        }
        func request(_ index: Int) throws -> AllocationRequest {
            var request = AllocationRequest(identity: try ServiceIdentity(path: "x/main/s\(index)")!)
            request.pool = PortPool("4000-4999")
            return request
        }
        let all = try await test.registry.allocations(matching: AllocationFilter())
        #expect(Set(all.map(\.port.number)) == Set(4000..<4020))
    }

    @Test func contiguousGroupHasConsecutivePorts() async throws {
        try await test.allocate("x/main/web", port: 3002)
        #expect(ports(try await allocate(2, contiguous: true)) == [3000, 3001])
        // 3002 is allocated, 3005 excluded.
        #expect(ports(try await allocate(3, contiguous: true)) == [3006, 3007, 3008])
        let refusal = await test.refusal { _ = try await allocate(3, contiguous: true) }
        #expect(
            refusal?.code == .poolFull
                && refusal?.message == "range 3000-3009 has no 3 consecutive free ports"
        )
    }

    @Test func contiguousGroupAvoidsBusyPortsAndIsRemembered() async throws {
        test.machine.occupy(3001)
        let group = try await allocate(3, ["a", "b", "c"], contiguous: true)
        #expect(ports(group) == [3002, 3003, 3004])
        _ = try await test.registry.release(group: group.id, by: TestRegistry.caller)
        test.machine.free(3001)
        // Other services get these ports last; its own services get them back.
        #expect(ports(try await allocate(3, contiguous: true)) == [3006, 3007, 3008])
        #expect(ports(try await allocate(3, ["a", "b", "c"], contiguous: true)) == [3002, 3003, 3004])
    }

    @Test func groupUsesItsOwnRange() async throws {
        #expect(ports(try await allocate(2, range: "4000-4009")) == [4000, 4001])
        let refusal = await test.refusal { _ = try await allocate(9, range: "4000-4009") }
        #expect(refusal?.remedies == [.requestFewerPorts, .otherRange])
    }

    @Test func releasingAGroupEndsNothingElse() async throws {
        let (first, second) = (try await allocate(2), try await allocate(2))
        #expect(
            try await test.registry.release(group: first.id, by: TestRegistry.caller).allocations == first.allocations
        )
        #expect(try await test.registry.allocations(matching: AllocationFilter()) == second.allocations)
        let refusal = await test.refusal {
            _ = try await test.registry.release(group: first.id, by: TestRegistry.caller)
        }
        #expect(refusal?.code == .groupNotFound)
    }

    @Test(arguments: [(0, 0), (-1, 0), (1001, 0), (100_000, 0), (3, 2), (3, 4)])
    func invalidGroupRequestIsRefused(count: Int, roles: Int) {
        let error = #expect(throws: RegistryError.self) {
            _ = try GroupRequest(
                count: count,
                roles: Array(repeating: "a", count: roles),
                app: "shop",
                instance: "main"
            )
        }
        #expect(error?.code == .invalidRequest)
    }

    @Test func hundredGroupsOfFiveFillAPoolOfFiveHundred() async throws {
        let test = try TestRegistry(pool: "3000-3499")
        let granted = try await withThrowingTaskGroup(of: [Int].self) { group in
            for client in 0..<20 {
                group.addTask {
                    var ports: [Int] = []
                    for _ in 0..<5 {
                        let request = try GroupRequest(count: 5, roles: [], app: "client\(client)", instance: "main")
                        ports += self.ports(try await test.registry.allocate(request, by: TestRegistry.caller))
                    }
                    return ports
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(granted.sorted() == Array(3000..<3500))
        let before = try await test.registry.allocations(matching: AllocationFilter())
        let refusal = await test.refusal {
            let request = try GroupRequest(count: 5, roles: [], app: "late", instance: "main")
            _ = try await test.registry.allocate(request, by: TestRegistry.caller)
        }
        #expect(refusal?.code == .poolFull)
        #expect(try await test.registry.allocations(matching: AllocationFilter()) == before)
    }

    @Test func movedContiguousGroupHasAWarning() async throws {
        let group = try await allocate(2, ["a", "b"], contiguous: true)
        _ = try await test.registry.release(group: group.id, by: TestRegistry.caller)
        test.machine.occupy(3001)
        let moved = try await allocate(2, ["a", "b"], contiguous: true)
        #expect(ports(moved) == [3002, 3003])
        #expect(moved.warnings == ["ports 3000-3001, which the group had last, are not free: moved to 3002-3003"])
    }

    @Test func portsOfAFailedAttemptAreFreeAgain() async throws {
        // An error that is thrown in the middle of an attempt rolls it back.
        let first = try await allocate(1, ["a"])
        _ = try await test.registry.release(group: first.id, by: TestRegistry.caller)
        struct Broken: Error {}
        _ = try? test.store.write { transaction in
            let identity = try ServiceIdentity(path: "x/main/s")!
            let hold = Hold(
                face: .registry,
                placedAt: test.machine.timestamp(),
                renewedAt: test.machine.timestamp(),
                lifetime: .permanent
            )
            let result: Result<Int, RegistryError>? = try? transaction.attempt {
                _ = try transaction.insert(
                    NewAllocation(identity: identity, replica: 0, port: Port(3003)!, directory: nil, hold: hold)
                )
                throw Broken()
            }
            #expect(result == nil && !transaction.allocatedPorts.contains(Port(3003)!))
        }
        #expect(ports(try await allocate(4)) == [3001, 3002, 3003, 3004])
    }

    @Test func largeGroupMovesWhenItsRememberedPortsAreTaken() async throws {
        // Every port of the group is allocated to another service by now.
        let test = try TestRegistry(pool: "3000-3999")
        let roles = (0..<300).map { "role\($0)" }
        func allocate() async throws -> PortGroup {
            let request = try GroupRequest(count: 300, roles: roles, app: "shop", instance: "main")
            return try await test.registry.allocate(request, by: TestRegistry.caller)
        }
        let group = try await allocate()
        _ = try await test.registry.release(group: group.id, by: TestRegistry.caller)
        for number in 0..<300 { try await test.allocate("other/main/s\(number)", port: 3000 + number) }
        let moved = try await allocate()
        #expect(ports(moved) == Array(3300..<3600))
        let remembered = try test.store.write { Array($0.rememberedPorts) }
        #expect(remembered.map { Int($0.number) } == Array(3000..<3600))
    }
}
