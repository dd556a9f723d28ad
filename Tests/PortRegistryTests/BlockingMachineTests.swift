import PortModel
import PortRegistry
import PortTestSupport
import Testing

/// What walks through sockets and processes blocks no thread that runs tasks. Serialized, because the threads that may
/// block are few.
@Suite(.serialized) struct BlockingMachineTests {
    private static let port = Port(3000)!
    private static let caller = TestRegistry.caller

    private static let queries: [(name: String, run: @Sendable (Registry) async throws -> Void)] = [
        ("listeners", { _ = try await $0.listeners() }),
        ("reports", { _ = await $0.reports(on: try await $0.allocations(matching: AllocationFilter())) }),
        ("lookup", { _ = try await $0.lookUpReports("web", in: nil) }),
        ("inspection", { _ = try await $0.inspection(of: port) }),
        ("whether a port is in use", { _ = await $0.isInUse(port) }),
        ("uses of a port", { _ = try await $0.uses(of: port) }),
        ("occupancy", { _ = try await $0.occupancy(of: port) }),
        ("candidate of a kill", { _ = try? await $0.target(on: port, pid: nil, by: caller) }),
        ("diagnosis", { _ = try await $0.diagnosis() }),
        (
            "reservation",
            { _ = try? await $0.reserve(request(), killIfOccupied: false, pid: nil, force: false, by: caller) }
        ),
    ]

    private static func request() throws -> AllocationRequest {
        var request = AllocationRequest(identity: try ServiceIdentity(path: "shop/main/api")!)
        request.port = Port(3001)!
        return request
    }

    /// Two of them would stop a machine with two cores.
    @Test(.timeLimit(.minutes(1)), arguments: queries.map(\.name))
    func blockedWalkLeavesItsCallersThreadFree(_ name: String) async throws {
        let test = try TestRegistry()
        try await test.allocate("shop/main/web", port: 3000)
        test.machine.listen(3000)
        test.machine.listen(3001)
        let loop = LoopExecutor()
        let (walks, gate) = (WatchedValue(0), Gate())
        test.machine.onBlockingQuery {
            #expect(!loop.isCurrent)
            walks.withLock { $0 += 1 }
            gate.wait()
        }
        let run = Self.queries.first { $0.name == name }!.run
        let first = Task(executorPreference: loop) { try await run(test.registry) }
        let second = Task(executorPreference: loop) { try await run(test.registry) }
        try await walks.wait { $0 == 2 }
        let count = try await Task(executorPreference: loop) { try await test.registry.allocationCount() }.value
        #expect(count == 1)
        // One for each walk of the two queries.
        for _ in 0..<20 { gate.open() }
        try await first.value
        try await second.value
    }

    @Test func moreWalksThanThreadsAreAllAnswered() async throws {
        let test = try TestRegistry()
        let isFree = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<100 { group.addTask { await !test.registry.isInUse(Self.port) } }
            return try await group.reduce(true) { $0 && $1 }
        }
        #expect(isFree)
    }
}
