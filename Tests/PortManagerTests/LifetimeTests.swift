import Foundation
import PortManager
import Testing

@Suite struct LifetimeTests {
    private let registry = try! TemporaryRegistry()
    private static let thirtyDays = 2_592_000

    @Test func allocationEndsWithItsProcess() async throws {
        let manager = try registry.manager()
        let program = try OtherProgram.waiting()
        defer { program.end() }
        let port = try await manager.allocate(lifetime: .process(program.pid))
        let group = try await manager.allocateGroup(2, lifetime: .process(program.pid))
        #expect(try await manager.listAllocations().map(\.port) == [port] + group.ports)
        #expect(try await manager.listAllocations().allSatisfy { $0.pid == program.pid })
        program.end()
        // No daemon watches the process: the next request finds that it has exited.
        #expect(try await registry.manager().listAllocations().isEmpty)
        #expect(try await manager.allocate() == port)
    }

    @Test func portOfADeadProcessIsFreeForTheNextAllocation() async throws {
        let program = try OtherProgram.waiting()
        defer { program.end() }
        let one = registry.firstPort...registry.firstPort
        _ = try await registry.manager().allocate(in: one, lifetime: .process(program.pid))
        let other = try registry.manager()
        #expect(await refusal { _ = try await other.allocate(in: one) }?.code == "pool_full")
        program.end()
        #expect(try await other.allocate(in: one) == registry.firstPort)
    }

    @Test func gracePeriodBeginsWhenTheProcessEnds() async throws {
        let manager = try registry.manager()
        let program = try OtherProgram.waiting()
        defer { program.end() }
        let port = try await manager.allocate(lifetime: .process(program.pid, grace: 3600))
        program.end()
        #expect(try await manager.listAllocations().map(\.port) == [port])
        try registry.edit("UPDATE hold SET deadline = 0 WHERE deadline IS NOT NULL")
        #expect(try await manager.listAllocations().isEmpty)
    }

    @Test func invalidOwnerIsRefused() async throws {
        let manager = try registry.manager()
        let program = try OtherProgram.waiting()
        program.end()
        for pid in [program.pid, 1, 0, -1, .max] {
            #expect(await refusal { _ = try await manager.allocate(lifetime: .process(pid)) }?.code == "invalid_owner")
        }
        #expect(try await manager.listAllocations().isEmpty)
    }

    @Test func leaseLivesAsLongAsItIsRenewed() async throws {
        let manager = try registry.manager()
        let port = try await manager.allocate(lifetime: .seconds(Self.thirtyDays))
        // As if nearly 29 days had passed.
        let later = "UPDATE hold SET deadline = deadline - 2500000000"
        try registry.edit(later)
        try await registry.manager().renew(port)
        try registry.edit(later)
        #expect(try await manager.listAllocations().map(\.port) == [port])
        // Without a renewal in between, it has expired.
        try registry.edit(later)
        #expect(try await manager.listAllocations().isEmpty)
        #expect(await refusal { try await manager.renew(port) }?.code == "allocation_not_found")
        #expect(try await manager.allocate() == port)
    }

    @Test func permanentAllocationCannotBeRenewed() async throws {
        let manager = try registry.manager()
        let port = try await manager.allocate()
        #expect(await refusal { try await manager.renew(port) }?.code == "lease_not_found")
    }

    @Test(arguments: [0, -1, thirtyDays + 1, .min, .max])
    func secondsOutOfBoundsAreRefused(_ seconds: Int) async throws {
        let manager = try registry.manager()
        let error = await refusal { _ = try await manager.allocate(lifetime: .seconds(seconds)) }
        #expect(error?.code == "invalid_ttl")
    }

    @Test(arguments: [-1, thirtyDays + 1, .min, .max])
    func graceOutOfBoundsIsRefused(_ grace: Int) async throws {
        let manager = try registry.manager()
        let me = ProcessInfo.processInfo.processIdentifier
        let error = await refusal { _ = try await manager.allocate(lifetime: .process(me, grace: grace)) }
        #expect(error?.code == "invalid_ttl")
    }

    @Test func releaseEndsAllocationsOfEveryLifetime() async throws {
        let manager = try registry.manager()
        let me = ProcessInfo.processInfo.processIdentifier
        for lifetime: PortManager.Lifetime in [.untilReleased, .process(me, grace: 60), .seconds(Self.thirtyDays)] {
            let port = try await manager.allocate(lifetime: lifetime)
            #expect(port == registry.firstPort)
            #expect(try await manager.release(port))
        }
    }
}
