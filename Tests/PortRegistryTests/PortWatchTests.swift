import PortModel
import PortRegistry
import PortStore
import Testing

/// Promise 9.
@Suite struct PortWatchTests {
    private let test = try! TestRegistry()

    private func stranger(_ pid: Int32, in folder: String? = "/elsewhere", below ancestors: [Int32] = []) -> Occupier {
        Occupier(pid: pid, startTime: 1, name: "nginx", folder: folder, ancestors: ancestors)
    }

    private func conflicts() async throws -> [String] {
        try await test.registry.journal(limit: 100).filter { $0.action == .conflict }.reversed().map { $0.reason ?? "" }
    }

    @Test func aStolenPortIsRecordedOnceWithItsOccupier() async throws {
        var watch = PortWatch(registry: test.registry)
        try await test.allocate("shop/main/web", root: "/shop")
        _ = try await watch.look()
        #expect(try await conflicts() == [])
        test.machine.listen(3000, as: stranger(77))
        for _ in 0..<3 { _ = try await watch.look() }
        #expect(try await conflicts() == ["nginx (pid 77) listens on its port"])
        test.machine.free(3000)
        _ = try await watch.look()
        test.machine.listen(3000, as: stranger(78))
        _ = try await watch.look()
        #expect(try await conflicts().count == 2)
    }

    @Test func onesOwnServerIsNoConflict() async throws {
        var watch = PortWatch(registry: test.registry)
        test.machine.start(10)
        try await test.ask("shop/main/web") { $0.hold = .process(pid: 10, grace: 0, ttl: nil) }
        test.machine.listen(3000, as: stranger(77, below: [10]))
        _ = try await watch.look()
        #expect(try await conflicts() == [])
    }

    @Test func aServerThatBecomesAStrangersIsNoticed() async throws {
        var watch = PortWatch(registry: test.registry)
        test.machine.start(10)
        test.machine.start(11)
        let hold = RequestedHold.process(pid: 10, grace: 0, ttl: nil)
        try await test.ask("shop/main/web") { $0.hold = hold }
        try await test.ask("shop/main/web") {
            $0.hold = .process(pid: 11, grace: 0, ttl: nil)
            $0.whenAllocated = .share
        }
        test.machine.listen(3000, as: stranger(77, below: [10]))
        _ = try await watch.look()
        #expect(try await conflicts() == [])
        // Its owner is gone, another one's hold stays.
        test.machine.end(10)
        _ = try await test.registry.tidy()
        _ = try await watch.look()
        #expect(try await conflicts().count == 1)
    }

    @Test func whenNothingChangesNothingIsDone() async throws {
        var watch = PortWatch(registry: test.registry)
        try await test.allocate("shop/main/web", root: "/shop")
        test.machine.listen(3000, as: stranger(77))
        _ = try await watch.look()
        _ = try await watch.look()
        let (revision, looks) = (try test.store.revision(), test.machine.looks)
        for _ in 0..<10 { #expect(try await watch.look(events: true).isChanged == false) }
        #expect(try test.store.revision() == revision && test.machine.looks == looks)
    }

    @Test func itSaysWhenTheNextHoldEnds() async throws {
        var watch = PortWatch(registry: test.registry)
        try await test.ask("shop/main/web") { $0.hold = .ttl(30) }
        #expect(try await watch.look().next?.milliseconds == test.machine.uptime().advanced(bySeconds: 30).milliseconds)
    }

    @Test func aWatcherThatComesAnewDoesNotTellAgain() async throws {
        try await test.allocate("shop/main/web", root: "/shop")
        test.machine.listen(3000, as: stranger(77))
        for _ in 0..<3 {
            var watch = PortWatch(registry: test.registry)
            _ = try await watch.look()
        }
        #expect(try await conflicts().count == 1)
    }

    @Test func socketsThatComeAndGoAreEvents() async throws {
        var watch = PortWatch(registry: test.registry)
        try await test.allocate("shop/main/web", root: "/shop")
        _ = try await watch.look(events: true)
        test.machine.listen(3000, as: stranger(77))
        let appeared = try await watch.look(events: true).events
        #expect(appeared.count == 1 && appeared[0].port == Port(3000) && appeared[0].allocation?.state == .conflict)
        test.machine.free(3000)
        let gone = try await watch.look(events: true).events
        #expect(gone.count == 1 && gone[0].port == Port(3000) && gone[0].allocation?.state == .reserved)
        #expect(try await watch.look(events: true).events.isEmpty)
    }
}
