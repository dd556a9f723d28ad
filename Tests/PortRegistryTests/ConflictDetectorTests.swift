import PortModel
import PortRegistry
import PortStore
import PortTestSupport
import Testing

/// Promise 9: a stolen port is noticed.
@Suite struct ConflictDetectorTests {
    private let test = try! TestRegistry()

    /// A process that is not the service's own, unless an owner is among its ancestors.
    private func otherProcess(
        _ pid: Int32,
        in directory: String? = "/elsewhere",
        below ancestors: [Int32] = []
    ) -> Occupier {
        Occupier(pid: pid, startTime: 1, name: "nginx", directory: directory, ancestors: ancestors)
    }

    private func conflicts() async throws -> [String] {
        try await test.registry.journal(limit: 100).filter { $0.action == .conflict }.reversed().map { $0.reason ?? "" }
    }

    @Test func stolenPortIsRecordedOnceWithItsOccupier() async throws {
        var detector = await ConflictDetector(registry: test.registry)
        try await test.allocate("shop/main/web", root: "/shop")
        _ = try await detector.inspect(test.changeToken())
        #expect(try await conflicts() == [])
        test.machine.listen(3000, as: otherProcess(77))
        for _ in 0..<3 { _ = try await detector.inspect(test.changeToken()) }
        #expect(try await conflicts() == ["nginx (pid 77) listens on its port"])
        test.machine.free(3000)
        _ = try await detector.inspect(test.changeToken())
        test.machine.listen(3000, as: otherProcess(78))
        _ = try await detector.inspect(test.changeToken())
        #expect(try await conflicts().count == 2)
    }

    @Test func serverOfTheOwnerIsNotAConflict() async throws {
        var detector = await ConflictDetector(registry: test.registry)
        test.machine.start(10)
        try await test.request("shop/main/web") { $0.hold = .process(pid: 10, grace: 0, ttl: nil) }
        test.machine.listen(3000, as: otherProcess(77, below: [10]))
        _ = try await detector.inspect(test.changeToken())
        #expect(try await conflicts() == [])
    }

    @Test func conflictIsNoticedWhenTheOwnerOfTheServerExits() async throws {
        var detector = await ConflictDetector(registry: test.registry)
        test.machine.start(10)
        test.machine.start(11)
        let hold = RequestedHold.process(pid: 10, grace: 0, ttl: nil)
        try await test.request("shop/main/web") { $0.hold = hold }
        try await test.request("shop/main/web") {
            $0.hold = .process(pid: 11, grace: 0, ttl: nil)
            $0.whenAllocated = .share
        }
        test.machine.listen(3000, as: otherProcess(77, below: [10]))
        _ = try await detector.inspect(test.changeToken())
        #expect(try await conflicts() == [])
        // The owner of the server exits; the hold of the other owner stays.
        test.machine.end(10)
        _ = try await test.registry.expireHolds()
        _ = try await detector.inspect(test.changeToken())
        #expect(try await conflicts().count == 1)
    }

    @Test func unchangedTokenCausesNoWork() async throws {
        var detector = await ConflictDetector(registry: test.registry)
        try await test.allocate("shop/main/web", root: "/shop")
        test.machine.listen(3000, as: otherProcess(77))
        _ = try await detector.inspect(test.changeToken())
        _ = try await detector.inspect(test.changeToken())
        let (revision, count) = (try test.store.revision(), test.machine.snapshotCount)
        for _ in 0..<10 {
            #expect(try await detector.inspect(test.changeToken(), wantsChanges: true).isChanged == false)
        }
        #expect(try test.store.revision() == revision && test.machine.snapshotCount == count)
    }

    @Test func inspectionReturnsTheNextDeadline() async throws {
        var detector = await ConflictDetector(registry: test.registry)
        try await test.request("shop/main/web") { $0.hold = .ttl(30) }
        #expect(
            try await detector.inspect(test.changeToken()).next?.milliseconds
                == test.machine.uptime().advanced(bySeconds: 30).milliseconds
        )
    }

    @Test func newDetectorDoesNotRecordAKnownConflictAgain() async throws {
        try await test.allocate("shop/main/web", root: "/shop")
        test.machine.listen(3000, as: otherProcess(77))
        for _ in 0..<3 {
            var detector = await ConflictDetector(registry: test.registry)
            _ = try await detector.inspect(test.changeToken())
        }
        #expect(try await conflicts().count == 1)
    }

    @Test func appearingAndDisappearingSocketsAreEvents() async throws {
        var detector = await ConflictDetector(registry: test.registry)
        try await test.allocate("shop/main/web", root: "/shop")
        _ = try await detector.inspect(test.changeToken(), wantsChanges: true)
        var reader = try await EventReader(registry: test.registry)
        test.machine.listen(3000, as: otherProcess(77))
        let appeared = try await detector.inspect(test.changeToken(), wantsChanges: true).changes
        #expect(appeared.map(\.port) == [Port(3000)!])
        let batch = try await reader.next(with: appeared)
        // The conflict, which is an entry of the journal, comes first.
        #expect(batch.events.count == 2 && batch.events.allSatisfy { $0.allocation?.state == .conflict })
        test.machine.free(3000)
        let gone = try await detector.inspect(test.changeToken(), wantsChanges: true).changes
        #expect(gone.map(\.port) == [Port(3000)!])
        #expect(try await reader.next(with: gone).events.map(\.allocation?.state) == [.reserved])
        #expect(try await detector.inspect(test.changeToken(), wantsChanges: true).changes.isEmpty)
    }

    @Test func listenerEventHasTheAllocationOfTheTimeItIsRead() async throws {
        var detector = await ConflictDetector(registry: test.registry)
        try await test.allocate("shop/main/web", root: "/shop")
        var reader = try await EventReader(registry: test.registry)
        test.machine.listen(3000, as: otherProcess(77))
        let appeared = try await detector.inspect(test.changeToken(), wantsChanges: true).changes
        _ = try await test.registry.release(port: Port(3000)!, by: TestRegistry.caller)
        let events = try await reader.next(with: appeared).events
        let last = try #require(events.last)
        guard case .listenerAppeared(let report) = last.kind else {
            Issue.record("\(last)")
            return
        }
        #expect(last.allocation == nil && report.allocation == nil)
    }

    @Test func batchIsIncompleteWhenTheJournalDroppedEntries() async throws {
        let test = try TestRegistry(limits: .init(journal: 10, remembered: 100))
        var reader = try await EventReader(registry: test.registry)
        for number in 0..<12 { try await test.allocate("shop/main/s\(number)") }
        let batch = try await reader.next()
        #expect(batch.isIncomplete && batch.events.count == 10)
        try await test.allocate("shop/main/web")
        #expect(try await reader.next().isIncomplete == false)
    }
}
