import PortModel
import PortRegistry
import PortTestSupport
import Testing

/// How long an allocation lives: owners, leases, heartbeats, grace and lingering.
@Suite struct HoldTests {
    private let test = try! TestRegistry()

    private func owned(_ path: String, by pid: Int32, as face: Face = .registry, grace: Int = 0) async throws -> Grant {
        try await test.request(path, as: face) {
            $0.whenAllocated = .share
            $0.hold = .process(pid: pid, grace: grace, ttl: nil)
        }
    }

    @discardableResult
    private func leased(_ path: String, for seconds: Int, as face: Face = .leases) async throws -> Grant {
        try await test.request(path, as: face) {
            $0.whenAllocated = .share
            $0.hold = .ttl(seconds)
        }
    }

    @Test func leaseEndsExactlyAtItsDeadline() async throws {
        try await leased("a/main/web", for: 300)
        test.machine.advance(bySeconds: 299.999)
        #expect(try await test.heldPort("a/main/web") == 8000)
        test.machine.advance(bySeconds: 0.001)
        #expect(try await test.heldPort("a/main/web") == nil)
    }

    @Test func listingOmitsExpiredAllocations() async throws {
        try await leased("a/main/web", for: 10)
        test.machine.advance(bySeconds: 10)
        #expect(try await test.registry.allocations(matching: AllocationFilter()).isEmpty)
    }

    @Test func invalidOptionalOwnerLeavesThePortWithoutAnOwner() async throws {
        test.machine.startAsAnotherUser(20, 1234)
        let grant = try await test.request("a/main/web") {
            $0.hold = .process(pid: 20, grace: 0, ttl: nil, isOptional: true)
        }
        #expect(grant.allocation.holds.map(\.lifetime) == [.permanent])
        let consequence = "the port has no owner and stays allocated until released"
        #expect(grant.warnings == ["process 20 belongs to user id 1234, not to you: \(consequence)"])
    }

    @Test func heartbeatRenewsALeaseForItsFullTime() async throws {
        let lease = try await leased("a/main/web", for: 300).allocation
        test.machine.advance(bySeconds: 200)
        test.machine.moveClock(by: 200)
        let renewed = try await test.registry.heartbeat(port: lease.port, by: Caller(face: .leases))
        #expect(renewed.lastSeen > lease.lastSeen)
        test.machine.advance(bySeconds: 299)
        #expect(try await test.heldPort("a/main/web") == 8000)
        test.machine.advance(bySeconds: 1)
        #expect(try await test.heldPort("a/main/web") == nil)
    }

    @Test func heartbeatsForUnknownEndedOrForeignLeasesAreRefused() async throws {
        let lease = try await leased("a/main/web", for: 10).allocation
        let caller = Caller(face: .leases)
        let registry = test.registry
        let foreign = await test.refusal { _ = try await registry.heartbeat(id: lease.id, by: Caller(face: .projects)) }
        #expect(foreign?.code == .leaseNotFound)
        test.machine.advance(bySeconds: 10)
        let ended = await test.refusal { _ = try await registry.heartbeat(id: lease.id, by: caller) }
        #expect(ended?.code == .allocationNotFound)
        let unknown = await test.refusal { _ = try await registry.heartbeat(port: Port(9)!, by: caller) }
        #expect(unknown?.code == .allocationNotFound)
        try await test.allocate("b/main/web", port: 3005)
        let permanent = await test.refusal { _ = try await registry.heartbeat(port: Port(3005)!, by: caller) }
        #expect(permanent?.code == .leaseNotFound)
    }

    @Test func wallClockChangesDoNotMoveADeadline() async throws {
        try await leased("a/main/web", for: 300)
        test.machine.moveClock(by: 365 * 86400)
        #expect(try await test.heldPort("a/main/web") == 8000)
        test.machine.moveClock(by: -2 * 365 * 86400)
        #expect(try await test.heldPort("a/main/web") == 8000)
        test.machine.advance(bySeconds: 300)
        #expect(try await test.heldPort("a/main/web") == nil)
    }

    @Test func exitOfAnOwnerEndsItsHoldAtOnceOrAfterItsGrace() async throws {
        for pid in [10, 11] as [Int32] { test.machine.start(pid) }
        _ = try await owned("a/main/web", by: 10)
        _ = try await owned("b/main/web", by: 11, as: .projects, grace: 300)
        for pid in [10, 11] as [Int32] { test.machine.end(pid) }
        #expect(try await test.heldPort("a/main/web") == nil)
        test.machine.advance(bySeconds: 299)
        #expect(try await test.heldPort("b/main/web") == 3100)
        test.machine.advance(bySeconds: 1)
        #expect(try await test.heldPort("b/main/web") == nil)
    }

    @Test func reusedPidDoesNotExtendAHold() async throws {
        test.machine.start(10)
        _ = try await owned("a/main/web", by: 10)
        test.machine.start(10)
        #expect(try await test.heldPort("a/main/web") == nil)
    }

    @Test func rebootEndsLeasesAndOwnersButNothingPermanent() async throws {
        test.machine.start(10)
        _ = try await owned("a/main/web", by: 10, grace: 300)
        try await leased("b/main/web", for: 86400)
        try await test.allocate("c/main/web")
        test.machine.reboot(as: "boot-2")
        // A process with the same pid, and even the same start time.
        test.machine.start(10)
        #expect(try await test.heldPort("a/main/web") == nil)
        #expect(try await test.heldPort("b/main/web") == nil)
        #expect(try await test.heldPort("c/main/web") == 3001)
    }

    @Test func missingOrForeignProcessCannotBeAnOwner() async throws {
        test.machine.startAsAnotherUser(20, 1234)
        let missing = await test.refusal { _ = try await owned("a/main/web", by: 10) }
        #expect(missing?.code == .invalidOwner && missing?.message == "there is no process 10")
        let foreign = await test.refusal { _ = try await owned("a/main/web", by: 20) }
        #expect(foreign?.code == .invalidOwner && foreign?.message.contains("user id 1234") == true)
        #expect(try await test.registry.allocationCount() == 0)
    }

    /// Two owners and a lease on one allocation, ended in each of the six orders.
    @Test(arguments: [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
    func allocationLivesUntilTheLastOfItsHoldsEnds(_ order: [Int]) async throws {
        for pid in [10, 11] as [Int32] { test.machine.start(pid) }
        _ = try await owned("a/main/web", by: 10)
        _ = try await owned("a/main/web", by: 11)
        let last = try await leased("a/main/web", for: 1000)
        #expect(last.allocation.holds.count == 3)
        for (index, hold) in order.enumerated() {
            #expect(try await test.heldPort("a/main/web") == 3000)
            if hold == 2 { test.machine.advance(bySeconds: 1000) } else { test.machine.end(Int32(10 + hold)) }
            #expect(try await test.heldPort("a/main/web") == (index < 2 ? 3000 : nil))
        }
    }

    @Test func faceRenewsOnlyItsOwnHoldsAndShortensNone() async throws {
        test.machine.start(10)
        try await leased("a/main/web", for: 1000)
        try await leased("a/main/web", for: 500, as: .registry)
        let grant = try await owned("a/main/web", by: 10)
        #expect(grant.allocation.holds.map(\.face) == [.leases, .registry, .registry])
        try await leased("a/main/web", for: 10)
        try await leased("a/main/web", for: 10, as: .registry)
        test.machine.end(10)
        test.machine.advance(bySeconds: 999)
        #expect(try await test.heldPort("a/main/web") == 8000)
        test.machine.advance(bySeconds: 1)
        #expect(try await test.heldPort("a/main/web") == nil)
    }

    @Test func repeatedRequestOfAnOwnerIsTheSameHold() async throws {
        test.machine.start(10)
        _ = try await owned("a/main/web", by: 10)
        #expect(try await owned("a/main/web", by: 10).allocation.holds.count == 1)
    }

    @Test func newOwnerReplacesExitedOwnersInTheirGrace() async throws {
        for pid in 10..<30 as Range<Int32> {
            test.machine.start(pid)
            let grant = try await owned("a/main/web", by: pid, as: .projects, grace: 300)
            #expect(grant.allocation.holds.count == 1)
            test.machine.end(pid)
        }
        #expect(try await test.heldPort("a/main/web") == 3100)
        test.machine.advance(bySeconds: 300)
        #expect(try await test.heldPort("a/main/web") == nil)
    }

    @Test func timeToLiveDoesNotRunWhileTheOwnerLives() async throws {
        test.machine.start(10)
        _ = try await test.request("a/main/web", as: .leases) { $0.hold = .process(pid: 10, grace: 0, ttl: 5) }
        test.machine.advance(bySeconds: 3600)
        #expect(try await test.heldPort("a/main/web") == 8000)
        test.machine.end(10)
        #expect(try await test.heldPort("a/main/web") == nil)
    }

    @Test func allocationWithAListenerLingersAndIsNotGivenAway() async throws {
        try await leased("a/main/web", for: 10)
        test.machine.occupy(8000)
        test.machine.advance(bySeconds: 10)
        #expect(try await test.heldPort("a/main/web") == 8000)
        let allocation = try #require(try await test.registry.lookUp("a/main/web", in: nil).first)
        #expect(allocation.holds.isEmpty)
        #expect(await test.registry.reports(on: [allocation]).map(\.state) == [.lingering])
        #expect(try await test.request("b/main/web", as: .leases).allocation.port == Port(8001))
        test.machine.free(8000)
        #expect(try await test.heldPort("a/main/web") == nil)
        #expect(try await test.registry.journal(limit: 3).map(\.action) == [.expired, .allocated, .lingers])
    }

    @Test func lingeringAllocationIsReusedByItsService() async throws {
        try await leased("a/main/web", for: 10)
        test.machine.occupy(8000)
        test.machine.advance(bySeconds: 10)
        #expect(try await leased("a/main/web", for: 10).allocation.port == Port(8000))
        test.machine.free(8000)
        #expect(try await test.heldPort("a/main/web") == 8000)
    }

    @Test func cleanupEndsOnlyTheGraceOfItsOwnFace() async throws {
        for pid in [10, 11, 12] as [Int32] { test.machine.start(pid) }
        _ = try await owned("a/main/web", by: 10, as: .projects, grace: 300)
        _ = try await owned("b/main/web", by: 11, grace: 300)
        _ = try await owned("c/main/web", by: 12, as: .projects, grace: 300)
        test.machine.occupy(3101)
        for pid in [10, 11, 12] as [Int32] { test.machine.end(pid) }
        let freed = try await test.registry.cleanUp(by: Caller(face: .projects))
        #expect(freed.map(\.identity.app) == ["a"])
        #expect(try await test.heldPort("b/main/web") == 3000)
        #expect(try await test.heldPort("c/main/web") == 3101)
    }

    @Test func expireHoldsReturnsTheNextDeadline() async throws {
        #expect(try await test.registry.expireHolds() == nil)
        let now = test.machine.uptime()
        try await leased("a/main/web", for: 30)
        try await leased("b/main/web", for: 20)
        #expect(try await test.registry.expireHolds() == now.advanced(bySeconds: 20))
        test.machine.occupy(8001)
        test.machine.advance(bySeconds: 20)
        // A lingering allocation is checked once a second.
        #expect(try await test.registry.expireHolds() == now.advanced(bySeconds: 21))
    }

    @Test(
        arguments: [
            (0, nil, nil), (-1, nil, nil), (2_592_001, nil, nil), (31_557_600_000_000, nil, nil), (nil, nil, 5),
            (nil, 0, nil), (nil, 1, nil), (nil, -7, nil), (nil, Int(Int32.max) + 1, nil), (nil, 10, -1),
            (nil, 10, 2_592_001), (.max, nil, nil), (.min, nil, nil),
        ] as [(Int?, Int?, Int?)]
    )
    func secondsAndPidsOutOfRangeAreRefused(_ ttl: Int?, _ pid: Int?, _ grace: Int?) {
        #expect(throws: RegistryError.self) {
            try RequestedHold(face: .registry, ttl: ttl, ownerPID: pid, grace: grace)
        }
    }

    @Test func omittedLifetimeIsTheDefaultOfTheFace() throws {
        #expect(try RequestedHold(face: .registry, ttl: nil, ownerPID: nil, grace: nil) == .permanent)
        #expect(try RequestedHold(face: .leases, ttl: nil, ownerPID: nil, grace: nil) == .ttl(300))
        #expect(try RequestedHold(face: .projects, ttl: nil, ownerPID: nil, grace: nil) == .permanent)
        let run = try RequestedHold(face: .leases, ttl: nil, ownerPID: 7, grace: nil)
        #expect(run == .process(pid: 7, grace: 0, ttl: nil))
        let project = try RequestedHold(face: .projects, ttl: nil, ownerPID: 7, grace: nil)
        #expect(project == .process(pid: 7, grace: 300, ttl: nil))
    }
}
