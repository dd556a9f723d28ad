import Dispatch
import PortModel
import PortStore
import PortTestSupport
import Testing

@testable import PortRegistry

@Suite struct GroupCommitterTests {
    @Test func concurrentRequestsNeverShareAPort() async throws {
        let test = try TestRegistry()
        let ports = try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<200 { group.addTask { try await test.port("app\(index)/main/web") } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(ports).count == 200)
        #expect(ports.min() == 3000 && ports.max() == 3199)
        // A request after the group does not wait for others forever.
        #expect(try await test.port("alone/main/web") == 3200)
    }

    @Test func waitingRequestsAreCommittedTogether() async throws {
        let machine = FakeMachine()
        let store = CountingStore(try SQLiteStore(inMemoryWith: .init()))
        let registry = Registry(
            store: store,
            machine: machine,
            settings: RegistrySettings(pools: [.registry: PortPool("3000-3999")!])
        )
        // The first transaction is blocked until all other requests wait.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0...50 {
                group.addTask {
                    _ = try await registry.allocate(
                        AllocationRequest(identity: ServiceIdentity(app: "a", instance: "i", service: "s\(index)")),
                        by: TestRegistry.caller
                    )
                }
                if index == 0 { try await store.waitForFirstTransaction() }
            }
            try await registry.committer.wait(for: 50)
            store.release()
            try await group.waitForAll()
        }
        #expect(try await registry.allocationCount() == 51)
        // One snapshot for each transaction, and not for each request.
        #expect(store.transactions == 2 && machine.snapshotCount == 2)
    }

    @Test func snapshotIsRetakenAfterALongWaitForTheDatabase() async throws {
        let machine = FakeMachine()
        let store = CountingStore(try SQLiteStore(inMemoryWith: .init()))
        let registry = Registry(store: store, machine: machine, settings: RegistrySettings())
        async let grant = registry.allocate(
            AllocationRequest(identity: ServiceIdentity(app: "a", instance: "i", service: "s")),
            by: TestRegistry.caller
        )
        try await store.waitForFirstTransaction()
        // This snapshot was taken when the request arrived, and becomes too old.
        try await machine.waitForSnapshot()
        machine.occupy(3000)
        machine.advance(bySeconds: 1)
        store.release()
        #expect(try await grant.allocation.port.number == 3001)
    }

    @Test(.timeLimit(.minutes(1))) func misspeculatedGroupIsRetried() async throws {
        let machine = FakeMachine()
        let store = CountingStore(try SQLiteStore(inMemoryWith: .init()))
        store.release()
        let registry = Registry(
            store: store,
            machine: machine,
            settings: RegistrySettings(pools: [.registry: PortPool("3000-3999")!])
        )
        let port = { @Sendable (service: String) in
            let request = AllocationRequest(identity: try ServiceIdentity(app: "a", instance: "i", service: service))
            return try await registry.allocate(request, by: TestRegistry.caller).allocation.port.number
        }
        #expect(try await port("known") == 3000)
        let gate = Gate()
        machine.blockSnapshots(by: gate)
        defer { gate.open() }
        // According to the previous snapshot, the port is free.
        async let taken = port("misspeculated")
        try await machine.waitForQuery(of: 3001)
        machine.occupy(3001)
        gate.open()
        try #require(try await taken == 3002)
        #expect(store.transactions == 3)
        async let free = port("speculated correctly")
        try await machine.waitForQuery(of: 3003)
        gate.open()
        #expect(try await free == 3003)
        #expect(store.transactions == 4)
        // Nothing is left of the transaction that was rolled back.
        #expect(try await registry.allocationCount() == 3)
        #expect(try await registry.journal(limit: 10).map(\.port?.number) == [3003, 3002, 3000])
    }

    @Test(.timeLimit(.minutes(1))) func groupWaitsForClientsThatWereJustAnswered() async throws {
        let store = CountingStore(try SQLiteStore(inMemoryWith: .init()))
        let committer = GroupCommitter(
            store: store,
            machine: FakeMachine(),
            batchDelay: { _ in 10_000_000_000 }
        )
        let request = { @Sendable in _ = try await committer.perform { _ in .success(0) } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await request() }
            try await store.waitForFirstTransaction()
            for _ in 0..<3 {
                group.addTask {
                    for _ in 0..<20 { try await request() }
                }
            }
            try await committer.wait(for: 3)
            store.release()
            try await group.waitForAll()
        }
        // The first, and twenty of three each.
        #expect(store.transactions == 21)
    }

    @Test(.timeLimit(.minutes(1))) func singleRequestAfterAGroupIsAnsweredWithoutOthers() async throws {
        let store = CountingStore(try SQLiteStore(inMemoryWith: .init()))
        let committer = GroupCommitter(
            store: store,
            machine: FakeMachine(),
            batchDelay: { _ in 200_000_000 }
        )
        let request = { @Sendable in _ = try await committer.perform { _ in .success(0) } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<4 {
                group.addTask { try await request() }
                if number == 0 { try await store.waitForFirstTransaction() }
            }
            try await committer.wait(for: 3)
            store.release()
            try await group.waitForAll()
        }
        // Three are expected, and one comes. Without an answer, the test exceeds its time limit.
        try await request()
        try await request()
    }

    @Test func batchWindowExpectsOnlyRequestsThatCameTogether() {
        let now = DispatchTime.now()
        let end = now + .milliseconds(1)
        let batchWindow = BatchWindow(answered: 3, waiting: 2, until: end)
        #expect(batchWindow.deadline(for: 4, at: now) == end)
        #expect(batchWindow.deadline(for: 5, at: now) == nil)
        #expect(batchWindow.deadline(for: 4, at: end) == nil)
        #expect(BatchWindow(answered: 1, waiting: 1, until: end).deadline(for: 1, at: now) == nil)
        #expect(BatchWindow().deadline(for: 0, at: now) == nil)
    }

    @Test func lockedDatabaseIsTriedAtMostOncePerRequest() async throws {
        struct LockedStore: RegistryStore {
            let attempts = WatchedValue(0)

            func write<Value>(_ body: (any RegistryTransaction) throws -> Value) throws -> Value {
                attempts.withLock { $0 += 1 }
                throw RegistryError(.storageFailed, "database is locked")
            }

            func read<Value: Sendable>(
                _ body: @escaping @Sendable (any RegistryReading) throws -> Value
            ) async throws -> Value { throw RegistryError(.storageFailed, "database is locked") }

            func externalRevision() throws -> Int64 { throw RegistryError(.storageFailed, "database is locked") }
        }
        let store = LockedStore()
        let committer = GroupCommitter(store: store, machine: FakeMachine())
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    let error = await #expect(throws: RegistryError.self) {
                        try await committer.perform { _ in .success(0) }
                    }
                    #expect(error?.message == "database is locked")
                }
            }
        }
        // At most one attempt for each request: none is retried alone.
        #expect(store.attempts.current <= 20)
    }

    @Test func lockDuringIndividualRetriesIsWaitedForOnce() async throws {
        let store = CountingStore(try SQLiteStore(inMemoryWith: .init()))
        let committer = GroupCommitter(store: store, machine: FakeMachine())
        struct Broken: Error {}
        let attempts = WatchedValue(0)
        let results = try await withThrowingTaskGroup(of: String.self) { group in
            group.addTask { try await committer.perform { _ in .success("first") } }
            try await store.waitForFirstTransaction()
            for _ in 0..<20 {
                group.addTask {
                    do throws(RegistryError) {
                        return try await committer.perform { _ in
                            let attempt = attempts.withLock { count in
                                count += 1
                                return count
                            }
                            if attempt == 1 { throw Broken() }
                            store.lock()
                            return .success("granted")
                        }
                    } catch {
                        return error.message
                    }
                }
            }
            try await committer.wait(for: 20)
            store.release()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        // The first of them broke the transaction of all. Retried alone, it succeeded before the lock.
        #expect(results.sorted() == Array(repeating: "database is locked", count: 19) + ["first", "granted"])
        // The first, all together, and two of them alone.
        #expect(store.transactions == 4)
    }

    @Test func failingRequestDoesNotFailOthersOfItsGroup() async throws {
        let store = CountingStore(try SQLiteStore(inMemoryWith: .init()))
        let committer = GroupCommitter(store: store, machine: FakeMachine())
        struct Broken: Error {}
        let first = Task { try await committer.perform { _ in .success(0) } }
        try await store.waitForFirstTransaction()
        let good = Task {
            try await committer.perform { context in
                try context.transaction.record(RecordedProject(app: "good", root: "/good"))
                return .success(1)
            }
        }
        let bad = Task {
            try await committer.perform { context -> Result<Int, RegistryError> in
                try context.transaction.record(RecordedProject(app: "bad", root: "/bad"))
                throw Broken()
            }
        }
        try await committer.wait(for: 2)
        store.release()
        #expect(try await first.value == 0)
        #expect(try await good.value == 1)
        await #expect(throws: RegistryError.self) { try await bad.value }
        #expect(try await store.read { try $0.project(ofApp: "good")?.root } == "/good")
        #expect(try await store.read { try $0.project(ofApp: "bad")?.root } == nil)
    }
}

extension GroupCommitter {
    /// Returns when `count` requests wait behind the group that is being committed. Polls, because the committer does
    /// not report arrivals.
    fileprivate func wait(for count: Int) async throws {
        while waitingCount < count {
            try Task.checkCancellation()
            await Task.yield()
        }
    }
}
