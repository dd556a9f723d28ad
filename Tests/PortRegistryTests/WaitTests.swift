import PortModel
import PortTestSupport
import Testing

@testable import PortRegistry

/// Waiting for services to listen.
@Suite struct WaitTests {
    private let test = try! TestRegistry()

    private func own(_ pid: Int32 = 77) -> Occupier { test.machine.occupier(pid, in: "/shop", below: []) }

    private func wait(for names: [String], atMost duration: Duration = .seconds(10)) async throws -> ServiceWait {
        try await test.registry.wait(for: names, in: nil, atMost: duration)
    }

    @Test func serviceThatListensIsReadyAtOnce() async throws {
        try await test.allocate("shop/main/web", root: "/shop")
        test.machine.listen(3000, as: own())
        let wait = try await wait(for: ["shop/main/web"], atMost: .zero)
        #expect(wait.status == .ready && wait.services.first?.verdict?.verdict.verdict == .mine)
    }

    @Test func listenerIsNoticedWhileSomebodyWaits() async throws {
        for service in ["web", "db"] { try await test.allocate("shop/main/\(service)", root: "/shop") }
        test.machine.listen(3000, as: own())
        async let waiting = wait(for: ["shop/main/web", "shop/main/db"])
        test.machine.listen(3001, as: own(78))
        #expect(try await waiting.status == .ready)
    }

    @Test func serviceWithoutAPortIsWaitedFor() async throws {
        async let waiting = wait(for: ["shop/main/web"])
        test.machine.listen(3000, as: own())
        try await test.allocate("shop/main/web", port: 3000, adopt: true, root: "/shop")
        #expect(try await waiting.status == .ready)
    }

    @Test func anotherServerDoesNotCount() async throws {
        try await test.allocate("shop/main/web", root: "/shop")
        test.machine.listen(3000, as: test.machine.occupier(77, in: "/elsewhere", below: [5]))
        let wait = try await wait(for: ["shop/main/web"], atMost: .zero)
        #expect(wait.status == .waiting && wait.services.first?.verdict?.verdict.verdict == .foreign)
    }

    @Test func listenerOfWhichNothingIsKnownCounts() async throws {
        try await test.allocate("bare/main/web")
        test.machine.listen(3000, as: test.machine.occupier(77, below: [5]))
        let wait = try await wait(for: ["bare/main/web"], atMost: .zero)
        #expect(wait.status == .ready && wait.services.first?.verdict?.verdict.verdict == .unknown)
    }

    /// It stays seen while another service is waited for.
    @Test func listenerOfWhichNothingIsKnownCountsBesideAnother() async throws {
        try await test.allocate("bare/main/db")
        try await test.allocate("shop/main/web", root: "/shop")
        test.machine.listen(3000, as: test.machine.occupier(78, below: [5]))
        async let waiting = wait(for: ["bare/main/db", "shop/main/web"])
        test.machine.listen(3001, as: own())
        #expect(try await waiting.services.map(\.status) == [.ready, .ready])
    }

    @Test func ownerThatExitedBetweenTwoCallsEndsTheSecond() async throws {
        test.machine.start(10)
        try await test.request("shop/main/web") { $0.hold = .process(pid: 10, grace: 60, ttl: nil) }
        let first = try await wait(for: ["shop/main/web"], atMost: .zero)
        #expect(first.status == .waiting && first.services.first?.owner == 10)
        test.machine.end(10)
        _ = try await test.registry.expireHolds()
        let later = try await test.registry.wait(
            for: ["shop/main/web"],
            ownedBy: ["shop/main/web": 10],
            in: nil,
            atMost: .seconds(10)
        )
        #expect(later.status == .exited && later.services.first?.exited == 10)
    }

    @Test func exitOfTheOwnerEndsTheWait() async throws {
        test.machine.start(10)
        try await test.request("shop/main/web") { $0.hold = .process(pid: 10, grace: 0, ttl: nil) }
        let (questions, continuation) = AsyncStream<Void>.makeStream()
        test.machine.onBlockingQuery { continuation.yield() }
        async let waiting = wait(for: ["shop/main/web"])
        // The fifth question comes after the services were inspected for the first time.
        var count = 0
        for await _ in questions where count < 5 {
            count += 1
            if count == 5 { break }
        }
        test.machine.end(10)
        _ = try await test.registry.expireHolds()
        let result = try await waiting
        #expect(result.status == .exited && result.services.first?.exited == 10)
    }

    @Test func ambiguousNameIsRefused() async throws {
        for app in ["a", "b"] { try await test.allocate("\(app)/main/web") }
        await #expect(throws: RegistryError.self) { _ = try await wait(for: ["web"]) }
    }

    @Test func stoppedRegistryEndsTheWait() async throws {
        try await test.allocate("shop/main/web", root: "/shop")
        test.registry.stopChangeFeed()
        #expect(try await wait(for: ["shop/main/web"]).status == .waiting)
    }
}
