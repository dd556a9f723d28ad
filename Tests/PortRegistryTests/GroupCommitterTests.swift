import Dispatch
import PortModel
import PortStore
import Synchronization
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
        // Nobody else comes: it does not wait for them forever.
        #expect(try await test.port("alone/main/web") == 3200)
    }

    @Test func requestsThatWaitTogetherAreCommittedTogether() async throws {
        let machine = FakeMachine()
        let store = CountingStore(try SQLiteStore(inMemoryWith: .init()))
        let registry = Registry(
            store: store,
            machine: machine,
            settings: RegistrySettings(pools: [.registry: PortPool("3000-3999")!])
        )
        // The first transaction is held until all the others wait.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0...50 {
                group.addTask {
                    _ = try await registry.allocate(
                        AllocationRequest(identity: ServiceIdentity(app: "a", instance: "i", service: "s\(index)")),
                        by: TestRegistry.caller
                    )
                }
                if index == 0 { await store.firstTransactionBegan() }
            }
            try await registry.committer.wait(for: 50)
            store.release()
            try await group.waitForAll()
        }
        #expect(try await registry.allocationCount() == 51)
        // One look at the machine for a transaction, not for a request.
        #expect(store.transactions == 2 && machine.looks == 2)
    }

    @Test func whatBeganToListenWhileAnotherProgramHadTheDatabaseIsSeen() async throws {
        let machine = FakeMachine()
        let store = CountingStore(try SQLiteStore(inMemoryWith: .init()))
        let registry = Registry(store: store, machine: machine, settings: RegistrySettings())
        async let grant = registry.allocate(
            AllocationRequest(identity: ServiceIdentity(app: "a", instance: "i", service: "s")),
            by: TestRegistry.caller
        )
        await store.firstTransactionBegan()
        // It began when the request arrived, and is no longer good.
        while machine.looks == 0 { await Task.yield() }
        machine.occupy(3000)
        machine.run(seconds: 1)
        store.release()
        #expect(try await grant.allocation.port.number == 3001)
    }

    @Test(.timeLimit(.minutes(1))) func whatTheFormerLookSaidIsTakenBackWhenTheGroupsOwnSaysOtherwise() async throws {
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
        machine.block(by: gate)
        defer { gate.open() }
        // By the look before, it is free.
        let isAsked = { @Sendable (number: UInt16) in
            while machine.questions.last?.number != number {
                try Task.checkCancellation()
                await Task.yield()
            }
        }
        async let taken = port("guessed wrong")
        try await isAsked(3001)
        machine.occupy(3001)
        gate.open()
        try #require(try await taken == 3002)
        #expect(store.transactions == 3)
        async let free = port("guessed right")
        try await isAsked(3003)
        gate.open()
        #expect(try await free == 3003)
        #expect(store.transactions == 4)
        // Nothing stays of what was undone.
        #expect(try await registry.allocationCount() == 3)
        #expect(try await registry.journal(limit: 10).map(\.port?.number) == [3003, 3002, 3000])
    }

    @Test(.timeLimit(.minutes(1))) func whoWasJustAnsweredIsWaitedFor() async throws {
        let store = CountingStore(try SQLiteStore(inMemoryWith: .init()))
        let committer = GroupCommitter(
            store: store,
            machine: FakeMachine(),
            now: { FakeClock().now },
            batchDelay: { _ in 10_000_000_000 }
        )
        let ask = { @Sendable in _ = try await committer.perform { _ in .success(0) } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await ask() }
            await store.firstTransactionBegan()
            for _ in 0..<3 {
                group.addTask {
                    for _ in 0..<20 { try await ask() }
                }
            }
            try await committer.wait(for: 3)
            store.release()
            try await group.waitForAll()
        }
        // The first, and twenty of three each.
        #expect(store.transactions == 21)
    }

    @Test(.timeLimit(.minutes(1))) func whoComesAloneAfterAGroupIsAnsweredAllTheSame() async throws {
        let store = CountingStore(try SQLiteStore(inMemoryWith: .init()))
        let committer = GroupCommitter(
            store: store,
            machine: FakeMachine(),
            now: { FakeClock().now },
            batchDelay: { _ in 200_000_000 }
        )
        let ask = { @Sendable in _ = try await committer.perform { _ in .success(0) } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<4 {
                group.addTask { try await ask() }
                if number == 0 { await store.firstTransactionBegan() }
            }
            try await committer.wait(for: 3)
            store.release()
            try await group.waitForAll()
        }
        // Three are expected; whoever is not answered runs into the time limit.
        try await ask()
        try await ask()
    }

    @Test func onlyWhoCameTogetherIsExpected() {
        let now = DispatchTime.now()
        let end = now + .milliseconds(1)
        let batchWindow = BatchWindow(answered: 3, waiting: 2, until: end)
        #expect(batchWindow.deadline(for: 4, at: now) == end)
        #expect(batchWindow.deadline(for: 5, at: now) == nil)
        #expect(batchWindow.deadline(for: 4, at: end) == nil)
        #expect(BatchWindow(answered: 1, waiting: 1, until: end).deadline(for: 1, at: now) == nil)
        #expect(BatchWindow().deadline(for: 0, at: now) == nil)
    }

    @Test func aDatabaseThatIsLockedIsWaitedForOnceForAll() async throws {
        struct LockedStore: RegistryStore {
            let attempts = Counter()

            func write<Value>(_ body: (any RegistryTransaction) throws -> Value) throws -> Value {
                attempts.add()
                throw RegistryError(.storageFailed, "database is locked")
            }

            func read<Value: Sendable>(
                _ body: @escaping @Sendable (any RegistryReading) throws -> Value
            ) async throws -> Value { throw RegistryError(.storageFailed, "database is locked") }

            func revision() throws -> Int64 { throw RegistryError(.storageFailed, "database is locked") }
        }
        let store = LockedStore()
        let committer = GroupCommitter(store: store, machine: FakeMachine(), now: { FakeClock().now })
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
        // Never more often than there are requests, as trying each again alone would.
        #expect(store.attempts.value <= 20)
    }

    @Test func aDatabaseThatIsLockedAfterOneBrokeTheTransactionIsWaitedForOnceForAll() async throws {
        let store = CountingStore(try SQLiteStore(inMemoryWith: .init()))
        let committer = GroupCommitter(store: store, machine: FakeMachine(), now: { FakeClock().now })
        struct Broken: Error {}
        let attempts = Counter()
        let results = try await withThrowingTaskGroup(of: String.self) { group in
            group.addTask { try await committer.perform { _ in .success("first") } }
            await store.firstTransactionBegan()
            for _ in 0..<20 {
                group.addTask {
                    do throws(RegistryError) {
                        return try await committer.perform { _ in
                            attempts.add()
                            if attempts.value == 1 { throw Broken() }
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
        // The first of them broke it for all, and was the only one before the lock when each was tried alone.
        #expect(results.sorted() == Array(repeating: "database is locked", count: 19) + ["first", "granted"])
        // The first, all together, and two of them alone.
        #expect(store.transactions == 4)
    }

    @Test func aRequestThatBreaksItsTransactionTakesNoOtherDown() async throws {
        let store = CountingStore(try SQLiteStore(inMemoryWith: .init()))
        let committer = GroupCommitter(store: store, machine: FakeMachine(), now: { FakeClock().now })
        struct Broken: Error {}
        let first = Task { try await committer.perform { _ in .success(0) } }
        await store.firstTransactionBegan()
        let good = Task {
            try await committer.perform { context in
                try context.transaction.recordProject(app: "good", root: "/good")
                return .success(1)
            }
        }
        let bad = Task {
            try await committer.perform { context -> Result<Int, RegistryError> in
                try context.transaction.recordProject(app: "bad", root: "/bad")
                throw Broken()
            }
        }
        try await committer.wait(for: 2)
        store.release()
        #expect(try await first.value == 0)
        #expect(try await good.value == 1)
        await #expect(throws: RegistryError.self) { try await bad.value }
        #expect(try await store.read { try $0.projectRoot(ofApp: "good") } == "/good")
        #expect(try await store.read { try $0.projectRoot(ofApp: "bad") } == nil)
    }
}

extension GroupCommitter {
    /// Returns when so many requests wait behind the group that is being committed.
    fileprivate func wait(for count: Int) async throws {
        while waitingCount < count {
            try Task.checkCancellation()
            await Task.yield()
        }
    }
}

/// A store that counts transactions and holds the first one until it is told to go on.
final class CountingStore: RegistryStore {
    private let inner: SQLiteStore
    private let count = Mutex(0)
    private let began = AsyncStream<Void>.makeStream()
    private let gate = Gate()
    private let isLocked = Atomic(false)

    init(_ inner: SQLiteStore) { self.inner = inner }

    var transactions: Int { count.withLock { $0 } }

    func firstTransactionBegan() async {
        var iterator = began.stream.makeAsyncIterator()
        await iterator.next()
    }

    func release() { gate.open() }

    /// For later transactions.
    func lock() { isLocked.store(true, ordering: .relaxed) }

    func revision() throws -> Int64 { try inner.revision() }

    func write<Value>(_ body: (any RegistryTransaction) throws -> Value) throws -> Value {
        let number = count.withLock { count in
            count += 1
            return count
        }
        if number == 1 {
            began.continuation.yield()
            gate.wait()
        }
        if isLocked.load(ordering: .relaxed) { throw RegistryError(.storageFailed, "database is locked") }
        return try inner.write(body)
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any RegistryReading) throws -> Value
    ) async throws -> Value {
        try await inner.read(body)
    }
}

/// Counts across threads.
private final class Counter: Sendable {
    private let count = Mutex(0)

    var value: Int { count.withLock { $0 } }

    func add() { count.withLock { $0 += 1 } }
}
