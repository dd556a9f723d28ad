import PortModel
import PortRegistry
import PortStore
import Testing

/// Promise 9.
@Suite struct ConflictDetectorTests {
    private let test = try! TestRegistry()

    private func stranger(_ pid: Int32, in directory: String? = "/elsewhere", below ancestors: [Int32] = []) -> Occupier {
        Occupier(pid: pid, startTime: 1, name: "nginx", directory: directory, ancestors: ancestors)
    }

    private func conflicts() async throws -> [String] {
        try await test.registry.journal(limit: 100).filter { $0.action == .conflict }.reversed().map { $0.reason ?? "" }
    }

    @Test func aStolenPortIsRecordedOnceWithItsOccupier() async throws {
        var watch = ConflictDetector(registry: test.registry)
        try await test.allocate("shop/main/web", root: "/shop")
        _ = try await watch.inspect(test.glance())
        #expect(try await conflicts() == [])
        test.machine.listen(3000, as: stranger(77))
        for _ in 0..<3 { _ = try await watch.inspect(test.glance()) }
        #expect(try await conflicts() == ["nginx (pid 77) listens on its port"])
        test.machine.free(3000)
        _ = try await watch.inspect(test.glance())
        test.machine.listen(3000, as: stranger(78))
        _ = try await watch.inspect(test.glance())
        #expect(try await conflicts().count == 2)
    }

    @Test func onesOwnServerIsNoConflict() async throws {
        var watch = ConflictDetector(registry: test.registry)
        test.machine.start(10)
        try await test.ask("shop/main/web") { $0.hold = .process(pid: 10, grace: 0, ttl: nil) }
        test.machine.listen(3000, as: stranger(77, below: [10]))
        _ = try await watch.inspect(test.glance())
        #expect(try await conflicts() == [])
    }

    @Test func aServerThatBecomesAStrangersIsNoticed() async throws {
        var watch = ConflictDetector(registry: test.registry)
        test.machine.start(10)
        test.machine.start(11)
        let hold = RequestedHold.process(pid: 10, grace: 0, ttl: nil)
        try await test.ask("shop/main/web") { $0.hold = hold }
        try await test.ask("shop/main/web") {
            $0.hold = .process(pid: 11, grace: 0, ttl: nil)
            $0.whenAllocated = .share
        }
        test.machine.listen(3000, as: stranger(77, below: [10]))
        _ = try await watch.inspect(test.glance())
        #expect(try await conflicts() == [])
        // Its owner is gone, another one's hold stays.
        test.machine.end(10)
        _ = try await test.registry.expireHolds()
        _ = try await watch.inspect(test.glance())
        #expect(try await conflicts().count == 1)
    }

    @Test func whenNothingChangesNothingIsDone() async throws {
        var watch = ConflictDetector(registry: test.registry)
        try await test.allocate("shop/main/web", root: "/shop")
        test.machine.listen(3000, as: stranger(77))
        _ = try await watch.inspect(test.glance())
        _ = try await watch.inspect(test.glance())
        let (revision, looks) = (try test.store.revision(), test.machine.looks)
        for _ in 0..<10 { #expect(try await watch.inspect(test.glance(), wantsChanges: true).isChanged == false) }
        #expect(try test.store.revision() == revision && test.machine.looks == looks)
    }

    @Test func itSaysWhenTheNextHoldEnds() async throws {
        var watch = ConflictDetector(registry: test.registry)
        try await test.ask("shop/main/web") { $0.hold = .ttl(30) }
        #expect(
            try await watch.inspect(test.glance()).next?.milliseconds
                == test.machine.uptime().advanced(bySeconds: 30).milliseconds
        )
    }

    @Test func aWatcherThatComesAnewDoesNotTellAgain() async throws {
        try await test.allocate("shop/main/web", root: "/shop")
        test.machine.listen(3000, as: stranger(77))
        for _ in 0..<3 {
            var watch = ConflictDetector(registry: test.registry)
            _ = try await watch.inspect(test.glance())
        }
        #expect(try await conflicts().count == 1)
    }

    @Test func socketsThatComeAndGoAreEvents() async throws {
        var watch = ConflictDetector(registry: test.registry)
        try await test.allocate("shop/main/web", root: "/shop")
        _ = try await watch.inspect(test.glance(), wantsChanges: true)
        var reader = try await EventReader(registry: test.registry)
        test.machine.listen(3000, as: stranger(77))
        let appeared = try await watch.inspect(test.glance(), wantsChanges: true).changes
        #expect(appeared.map(\.port) == [Port(3000)!])
        let news = try await reader.next(with: appeared)
        // The conflict that was found is the journal's, and comes first.
        #expect(news.events.count == 2 && news.events.allSatisfy { $0.allocation?.state == .conflict })
        test.machine.free(3000)
        let gone = try await watch.inspect(test.glance(), wantsChanges: true).changes
        #expect(gone.map(\.port) == [Port(3000)!])
        #expect(try await reader.next(with: gone).events.map(\.allocation?.state) == [.reserved])
        #expect(try await watch.inspect(test.glance(), wantsChanges: true).changes.isEmpty)
    }

    @Test func aSocketIsToldWithWhatHasThePortByThen() async throws {
        var watch = ConflictDetector(registry: test.registry)
        try await test.allocate("shop/main/web", root: "/shop")
        var reader = try await EventReader(registry: test.registry)
        test.machine.listen(3000, as: stranger(77))
        let appeared = try await watch.inspect(test.glance(), wantsChanges: true).changes
        _ = try await test.registry.release(port: Port(3000)!, by: TestRegistry.caller)
        let events = try await reader.next(with: appeared).events
        let last = try #require(events.last)
        guard case .listenerAppeared(let report) = last.kind else {
            Issue.record("\(last)")
            return
        }
        #expect(last.allocation == nil && report.allocation == nil)
    }

    @Test func whatTheJournalHasLostIsSaid() async throws {
        let test = try TestRegistry(limits: .init(journal: 10, remembered: 100))
        var reader = try await EventReader(registry: test.registry)
        for number in 0..<12 { try await test.allocate("shop/main/s\(number)") }
        let news = try await reader.next()
        #expect(news.isIncomplete && news.events.count == 10)
        try await test.allocate("shop/main/web")
        #expect(try await reader.next().isIncomplete == false)
    }
}
