import PortModel
import PortRegistry
import PortTestSupport
import Testing

@Suite struct AllocateTests {
    @Test func newServicesGetTheLowestFreePorts() async throws {
        let test = try TestRegistry()
        #expect(try await test.port("a/main/web") == 3000)
        #expect(try await test.port("a/main/db") == 3001)
        #expect(try await test.port("b/main/web") == 3002)
    }

    @Test func heldPortIsSkipped() async throws {
        let test = try TestRegistry()
        test.machine.occupy(3000, 3001)
        #expect(try await test.port("a/main/web") == 3002)
    }

    @Test func excludedPortIsSkippedAndGivenByNumberWithAWarning() async throws {
        let test = try TestRegistry(exclude: "3000-3001")
        #expect(try await test.port("a/main/web") == 3002)
        let grant = try await test.allocate("a/main/db", port: 3001)
        #expect(grant.warnings == ["port 3001 is excluded by the configuration"])
    }

    @Test func portOutsideThePoolIsGivenByNumber() async throws {
        let test = try TestRegistry()
        #expect(try await test.port("a/main/web", port: 8080) == 8080)
    }

    @Test func secondAllocationOfAServiceIsRefusedWithItsHolder() async throws {
        let test = try TestRegistry()
        let first = try await test.allocate("a/main/web").allocation
        let refusal = await test.refusal { try await test.allocate("a/main/web") }
        #expect(refusal?.code == .serviceAllocated)
        #expect(refusal?.holder == first)
    }

    @Test func portOfAnotherServiceIsRefusedWithItsHolder() async throws {
        let test = try TestRegistry()
        let first = try await test.allocate("a/main/web", port: 8080).allocation
        let refusal = await test.refusal { try await test.allocate("b/main/web", port: 8080) }
        #expect(refusal?.code == .portAllocated)
        #expect(refusal?.holder == first)
    }

    @Test func busyPortIsRefusedUnlessAdopted() async throws {
        let test = try TestRegistry()
        test.machine.occupy(5432)
        let refusal = await test.refusal { try await test.allocate("a/main/db", port: 5432) }
        #expect(refusal?.code == .portInUse)
        #expect(try await test.port("a/main/db", port: 5432, adopt: true) == 5432)
    }

    @Test func adoptingNeedsAPort() async throws {
        let test = try TestRegistry()
        #expect(await test.refusal { try await test.allocate("a/main/db", adopt: true) }?.code == .invalidRequest)
    }

    @Test func ensureReturnsTheAllocationEvenWhileItsServiceListens() async throws {
        let test = try TestRegistry()
        let first = try await test.allocate("a/main/web", ensure: true)
        #expect(first.outcome == .new)
        test.machine.occupy(3000)
        let again = try await test.allocate("a/main/web", port: 3000, ensure: true)
        #expect(again.outcome == .existing)
        #expect(again.allocation.id == first.allocation.id && again.allocation.port == Port(3000))
    }

    @Test func ensureWithAnotherPortIsRefused() async throws {
        let test = try TestRegistry()
        try await test.allocate("a/main/web")
        let refusal = await test.refusal { try await test.allocate("a/main/web", port: 4000, ensure: true) }
        #expect(refusal?.code == .serviceAllocated)
    }

    @Test func fullPoolNamesItsLargestHolderAndChangesNothing() async throws {
        let test = try TestRegistry(pool: "3000-3002")
        try await test.allocate("small/main/a")
        try await test.allocate("large/main/a")
        try await test.allocate("large/main/b")
        let refusal = await test.refusal { try await test.allocate("late/main/a") }
        #expect(refusal?.code == .poolFull)
        #expect(refusal?.message == "range 3000-3002 is full: 3 of 3 ports are allocated, 2 of them to \"large\"")
        #expect(try await test.registry.allocationCount() == 3)
        let mostlyExcluded = try TestRegistry(pool: "3000-3099", exclude: "3001-3099")
        try await mostlyExcluded.allocate("q/main/a")
        let other = await mostlyExcluded.refusal { try await mostlyExcluded.allocate("late/main/a") }
        let message = "99 of 100 ports are excluded by the configuration, 1 is allocated to \"q\""
        #expect(other?.message == "range 3000-3099 is full: \(message)")
        try await test.release("large/main/a")
        #expect(try await test.port("late/main/a") == 3001)
    }

    @Test func refusalsAndGrantsAreInTheJournal() async throws {
        let test = try TestRegistry()
        try await test.allocate("a/main/web")
        _ = await test.refusal { try await test.allocate("b/main/web", port: 3000) }
        try await test.release("a/main/web")
        let journal = try await test.registry.journal(limit: 10)
        #expect(journal.map(\.action) == [.released, .refused, .allocated])
        #expect(journal[1].reason == "port already allocated")
        #expect(journal[1].identity?.description == "b/main/web")
        #expect(journal.allSatisfy { $0.port == Port(3000) && $0.caller == TestRegistry.caller })
    }
}
