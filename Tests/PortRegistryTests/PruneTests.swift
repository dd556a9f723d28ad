import PortModel
import PortRegistry
import PortTestSupport
import Testing

/// The clean-up of all faces at once.
@Suite struct PruneTests {
    private let test = try! TestRegistry()

    private func own(_ path: String, by pid: Int32, as face: Face = .registry) async throws -> Allocation {
        test.machine.start(pid)
        return try await test.request(path, as: face) {
            $0.whenAllocated = .share
            $0.hold = .process(pid: pid, grace: 300, ttl: nil)
        }.allocation
    }

    private func prune(_ ids: Set<Int64>? = nil, dryRun: Bool = false) async throws -> [String] {
        try await test.registry.prune(ids, dryRun: dryRun, by: TestRegistry.caller).map(\.identity.description)
    }

    @Test(arguments: Face.allCases) func allocationOfAnExitedOwnerIsPrunedWithAReason(_ face: Face) async throws {
        let allocation = try await own("a/main/web", by: 10, as: face)
        #expect(try await prune() == [])
        test.machine.end(10)
        #expect(try await prune(dryRun: true) == ["a/main/web"])
        #expect(try await test.registry.allocationCount() == 1)
        #expect(try await prune() == ["a/main/web"])
        #expect(try await test.registry.allocationCount() == 0)
        let newest = try await test.registry.journal(about: allocation.port, limit: 1)[0]
        #expect(newest.action == .expired && newest.reason == "pruned: process 10 has ended")
    }

    @Test func anyOtherHoldKeepsTheAllocation() async throws {
        for pid in [10, 11] as [Int32] { test.machine.start(pid) }
        for (path, hold) in [
            ("a/main/permanent", RequestedHold.permanent), ("a/main/lease", .ttl(60)),
            ("a/main/owned", .process(pid: 11, grace: 0, ttl: nil)),
        ] {
            try await test.request(path, as: .projects) {
                $0.hold = .process(pid: 10, grace: 300, ttl: nil)
            }
            try await test.request(path) {
                $0.whenAllocated = .share
                $0.hold = hold
            }
        }
        test.machine.end(10)
        #expect(try await prune(dryRun: true) == [])
        #expect(try await prune() == [])
        #expect(try await test.registry.allocationCount() == 3)
    }

    @Test func portThatIsHeldStaysAndKeepsItsGrace() async throws {
        let allocation = try await own("a/main/web", by: 10)
        test.machine.occupy(Int(allocation.port.number))
        test.machine.end(10)
        #expect(try await prune() == [])
        let held = try await test.registry.allocations(matching: AllocationFilter())
        #expect(held.map(\.holds.count) == [1])
        // The grace is over: the allocation lingers, and stays.
        test.machine.advance(bySeconds: 300)
        #expect(try await prune() == [])
        #expect(try await test.registry.allocationCount() == 1)
    }

    @Test func onlyTheNamedAllocationsEnd() async throws {
        let first = try await own("a/main/web", by: 10)
        _ = try await own("a/main/db", by: 11)
        for pid in [10, 11] as [Int32] { test.machine.end(pid) }
        #expect(try await prune([]) == [])
        #expect(try await prune([first.id, 99]) == ["a/main/web"])
        #expect(try await prune() == ["a/main/db"])
    }
}
