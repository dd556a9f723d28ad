import PortModel
import PortStore
import PortTestSupport
import Testing

@testable import PortRegistry

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
        #expect(
            try await conflicts() == [
                "nginx (pid 77) listens on its port: "
                    + "it does not descend from the service's process, and does not run in its directory"
            ]
        )
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
        // The server of the process with pid 10 listens on the port of the service of the one with pid 11.
        for (service, pid) in [("api", 10), ("web", 11)] {
            try await test.request("shop/main/\(service)") { $0.hold = .process(pid: Int32(pid), grace: 0, ttl: nil) }
        }
        test.machine.listen(3001, as: otherProcess(77, below: [10, 11]))
        _ = try await detector.inspect(test.changeToken())
        #expect(try await conflicts().count == 1)
        test.machine.end(10)
        _ = try await test.registry.expireHolds()
        _ = try await detector.inspect(test.changeToken())
        #expect(try await conflicts().count == 1)
    }

    @Test func unchangedTokenCausesNoWork() async throws {
        let store = CountingStore(test.store)
        store.release()
        let registry = test.registry(over: store)
        var detector = await ConflictDetector(registry: registry)
        try await test.allocate("shop/main/web", root: "/shop")
        test.machine.listen(3000, as: otherProcess(77))
        _ = try await detector.inspect(TestRegistry.changeToken(at: registry))
        _ = try await detector.inspect(TestRegistry.changeToken(at: registry))
        let before = [store.transactions, store.reads, test.machine.snapshotCount]
        for _ in 0..<10 { _ = try await detector.inspect(TestRegistry.changeToken(at: registry)) }
        #expect([store.transactions, store.reads, test.machine.snapshotCount] == before)
    }

    /// Requests expire holds, and are published, by themselves. The detector need not do both again.
    @Test func ownCommitCausesNoTransactionOfTheDetector() async throws {
        let store = CountingStore(test.store)
        store.release()
        let registry = test.registry(over: store)
        var detector = await ConflictDetector(registry: registry)
        _ = try await detector.inspect(TestRegistry.changeToken(at: registry))
        for number in 0..<3 {
            let request = AllocationRequest(identity: try ServiceIdentity(path: "shop/main/s\(number)")!)
            _ = try await registry.allocate(request, by: TestRegistry.caller)
            let before = (store.transactions, store.reads)
            #expect(try await detector.inspect(TestRegistry.changeToken(at: registry)) == nil)
            // One question: whose the ports are on which somebody listens.
            #expect((store.transactions, store.reads) == (before.0, before.1 + 1))
        }
    }

    @Test func firstInspectionReturnsTheNextDeadline() async throws {
        var detector = await ConflictDetector(registry: test.registry)
        try await test.request("shop/main/web") { $0.hold = .ttl(30) }
        #expect(
            try await detector.inspect(test.changeToken())?.milliseconds
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
}
