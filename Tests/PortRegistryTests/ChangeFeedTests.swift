import PortModel
import PortStore
import PortTestSupport
import Synchronization
import Testing

@testable import PortRegistry

/// Typed changes, for subscribers in the daemon.
@Suite struct ChangeFeedTests {
    /// A store in which something happens between a read and its answer.
    private final class InterruptedStore: RegistryStore {
        let inner: SQLiteStore
        let interruption = Mutex<(@Sendable () async throws -> Void)?>(nil)

        init(_ inner: SQLiteStore) { self.inner = inner }

        func write<Value>(_ body: (any RegistryTransaction) throws -> Value) throws -> Value { try inner.write(body) }

        func externalRevision() throws -> Int64 { try inner.externalRevision() }

        func read<Value: Sendable>(
            _ body: @escaping @Sendable (any RegistryReading) throws -> Value
        ) async throws -> Value {
            let answer = try await inner.read(body)
            try await interruption.withLock { $0.take() }?()
            return answer
        }
    }

    private let test = try! TestRegistry(pool: "10000-19999")

    private func registry(_ limits: ChangeFeed.Limits = .init(), over store: (any RegistryStore)? = nil) -> Registry {
        Registry(
            store: store ?? test.store,
            machine: test.machine,
            settings: test.registry.settings,
            onDeadline: { _ in },
            changeFeed: ChangeFeed(limits: limits)
        )
    }

    /// Runs `body` while the registry's feed runs.
    private func feeding<Value: Sendable>(
        _ registry: Registry,
        onFailure: @escaping @Sendable (RegistryError) -> Void = { Issue.record($0) },
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                await registry.runChangeFeed(onFailure: onFailure)
                return nil
            }
            defer { registry.stopChangeFeed() }
            return try await body()
        }
    }

    private func allocate(_ service: String, at registry: Registry) async throws {
        let request = AllocationRequest(identity: try ServiceIdentity(path: "shop/main/\(service)")!)
        _ = try await registry.allocate(request, by: TestRegistry.caller)
    }

    /// The service that a change is about, with what happened to it; `reset` for that.
    private static func text(_ change: Change?) -> String {
        switch change {
        case .event(let event):
            switch event.kind {
            case .journal(let entry): "\(entry.action.rawValue) \(entry.identity?.service ?? "")"
            case .renewed(let allocation): "renewed \(allocation.identity.service)"
            case .listenerAppeared(let report): "appeared \(report.listener.port)"
            case .listenerGone(let port): "gone \(port)"
            }
        case .reset: "reset"
        case .mark: "mark"
        case nil: "end"
        }
    }

    @Test func everySubscriberReceivesEveryLaterChangeInOrder() async throws {
        let registry = registry()
        try await feeding(registry) {
            try await allocate("before", at: registry)
            let subscribers = [try await registry.changes(), try await registry.changes()]
            for number in 0..<5 { try await allocate("s\(number)", at: registry) }
            for changes in subscribers {
                var iterator = changes.makeAsyncIterator()
                for number in 0..<5 { #expect(Self.text(await iterator.next()) == "allocated s\(number)") }
            }
        }
    }

    /// The stalled ones never ask for a change. They can delay a commit or a reader only if either waits for them, and
    /// then this test does not end.
    @Test func hundredStalledSubscribersDelayNobody() async throws {
        let registry = registry()
        let count = 5000
        try await feeding(registry) {
            var stalled: [Changes] = []
            for _ in 0..<100 { stalled.append(try await registry.changes()) }
            let received = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<4 {
                    let changes = try await registry.changes()
                    group.addTask {
                        var (texts, iterator) = ([String](), changes.makeAsyncIterator())
                        while texts.count < count { texts.append(Self.text(await iterator.next())) }
                        return texts
                    }
                }
                try await withThrowingTaskGroup(of: Void.self) { clients in
                    for client in 0..<8 {
                        clients.addTask {
                            for number in stride(from: client, to: count, by: 8) {
                                try await allocate("s\(number)", at: registry)
                            }
                        }
                    }
                    try await clients.waitForAll()
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let journal = try await registry.journal(limit: count).reversed().map {
                "allocated \($0.identity!.service)"
            }
            #expect(received.count == 4 && received.allSatisfy { $0 == journal })
            #expect(registry.changeFeed.keptEvents == count)
            var iterator = stalled[99].makeAsyncIterator()
            #expect(Self.text(await iterator.next()) == journal[0])
        }
    }

    @Test func subscriberThatIsTooSlowReceivesResetAndContinues() async throws {
        let registry = registry(ChangeFeed.Limits(history: 3, batchDelay: .zero))
        try await feeding(registry) {
            let (slow, prompt) = (try await registry.changes(), try await registry.changes())
            var iterator = prompt.makeAsyncIterator()
            for number in 0..<8 {
                try await allocate("s\(number)", at: registry)
                #expect(Self.text(await iterator.next()) == "allocated s\(number)")
                #expect(registry.changeFeed.keptEvents == min(number + 1, 3))
            }
            var late = slow.makeAsyncIterator()
            #expect(Self.text(await late.next()) == "reset")
            try await allocate("web", at: registry)
            #expect(Self.text(await late.next()) == "allocated web")
        }
    }

    @Test func markComesAfterWhatWasCommittedBefore() async throws {
        let registry = registry()
        try await feeding(registry) {
            let (waiting, late) = (try await registry.changes(), try await registry.changes())
            async let received = { @Sendable () async -> [String] in
                var iterator = waiting.makeAsyncIterator()
                return [Self.text(await iterator.next()), Self.text(await iterator.next())]
            }()
            try await allocate("web", at: registry)
            for changes in [waiting, late] { changes.mark() }
            late.mark()
            #expect(await received == ["allocated web", "mark"])
            var iterator = late.makeAsyncIterator()
            for text in ["allocated web", "mark", "mark"] { #expect(Self.text(await iterator.next()) == text) }
        }
    }

    @Test func resetDoesNotSwallowMarks() async throws {
        let registry = registry(ChangeFeed.Limits(history: 3, batchDelay: .zero))
        try await feeding(registry) {
            let (slow, prompt) = (try await registry.changes(), try await registry.changes())
            slow.mark()
            var iterator = prompt.makeAsyncIterator()
            for number in 0..<4 {
                try await allocate("s\(number)", at: registry)
                _ = await iterator.next()
            }
            var late = slow.makeAsyncIterator()
            for text in ["reset", "mark"] { #expect(Self.text(await late.next()) == text) }
        }
    }

    @Test func logForgetsWhatEverySubscriberHas() async throws {
        let registry = registry(ChangeFeed.Limits(batchDelay: .zero))
        try await feeding(registry) {
            let changes = try await registry.changes()
            var iterator = changes.makeAsyncIterator()
            for number in 0..<4 {
                try await allocate("s\(number)", at: registry)
                _ = await iterator.next()
            }
            // The last one is kept until the next is published.
            #expect(registry.changeFeed.keptEvents <= 1)
        }
    }

    @Test func cancelledTaskEndsItsSubscription() async throws {
        let registry = registry()
        try await feeding(registry) {
            let changes = try await registry.changes()
            let task = Task { () -> String in
                var iterator = changes.makeAsyncIterator()
                return Self.text(await iterator.next())
            }
            task.cancel()
            #expect(await task.value == "end")
            #expect(!registry.hasSubscribers)
        }
    }

    @Test func sequenceThatNobodyRefersToIsNoSubscriber() async throws {
        let registry = registry()
        try await feeding(registry) {
            _ = try await registry.changes()
            #expect(!registry.hasSubscribers)
            let changes = try await registry.changes()
            #expect(registry.hasSubscribers)
            changes.cancel()
            #expect(!registry.hasSubscribers)
        }
    }

    @Test func sequencesEndWhenTheFeedStops() async throws {
        let registry = registry()
        let changes = try await feeding(registry) { try await registry.changes() }
        var iterator = changes.makeAsyncIterator()
        #expect(Self.text(await iterator.next()) == "end")
        let error = await #expect(throws: RegistryError.self) { _ = try await registry.changes() }
        #expect(error?.code == .systemUnavailable)
    }

    /// The commit comes after the feed has read where the journal ends. No other follows and makes it read again.
    @Test(.timeLimit(.minutes(1))) func commitWhileTheFirstSubscriberIsAddedIsReceived() async throws {
        let store = InterruptedStore(test.store)
        let registry = registry(ChangeFeed.Limits(batchDelay: .zero), over: store)
        store.interruption.withLock { $0 = { try await allocate("web", at: registry) } }
        try await feeding(registry) {
            var iterator = try await registry.changes().makeAsyncIterator()
            #expect(Self.text(await iterator.next()) == "allocated web")
        }
    }

    @Test func subscriberThatCouldNotBeAddedIsNone() async throws {
        let store = FailingStore(test.store)
        store.failReads(true)
        let registry = registry(over: store)
        try await feeding(registry) {
            let error = await #expect(throws: RegistryError.self) { _ = try await registry.changes() }
            #expect(error?.code == .storageFailed && !registry.hasSubscribers)
        }
    }

    @Test func nothingIsReadWithoutSubscribers() async throws {
        let store = CountingStore(test.store)
        store.release()
        let registry = registry(ChangeFeed.Limits(batchDelay: .zero), over: store)
        try await feeding(registry) {
            try await allocate("web", at: registry)
            let changes = try await registry.changes()
            #expect(store.reads == 1)
            changes.cancel()
            try await allocate("api", at: registry)
            _ = try await registry.changes()
            // A new subscriber begins there, and what happened in between is not read.
            #expect(store.reads == 2)
        }
    }

    @Test func changesOfAnotherProgramArePublished() async throws {
        let directory = try TemporaryDirectory()
        let registry = registry(over: try SQLiteStore(path: directory.path("ports.db")))
        let other = test.registry(over: try SQLiteStore(path: directory.path("ports.db")))
        try await feeding(registry) {
            var detector = await ConflictDetector(registry: registry)
            _ = try await detector.inspect(TestRegistry.changeToken(at: registry))
            var iterator = try await registry.changes().makeAsyncIterator()
            try await allocate("theirs", at: other)
            _ = try await detector.inspect(TestRegistry.changeToken(at: registry))
            #expect(Self.text(await iterator.next()) == "allocated theirs")
        }
    }

    @Test(.timeLimit(.minutes(1))) func subscribersReceiveResetWhenTheJournalCannotBeReadAndWhenItCan() async throws {
        let store = FailingStore(test.store)
        let registry = registry(ChangeFeed.Limits(batchDelay: .zero, retryInterval: .milliseconds(1)), over: store)
        let failures = WatchedValue<[String]>([])
        try await feeding(registry) { error in
            failures.withLock { $0.append(error.message) }
        } _: {
            var iterator = try await registry.changes().makeAsyncIterator()
            store.failReads(true)
            try await allocate("lost", at: registry)
            #expect(Self.text(await iterator.next()) == "reset")
            store.failReads(false)
            #expect(Self.text(await iterator.next()) == "reset")
            try await allocate("web", at: registry)
            #expect(Self.text(await iterator.next()) == "allocated web")
        }
        #expect(failures.current == ["the disk is gone"])
    }

    @Test(.timeLimit(.minutes(1))) func nobodyWaitsForTheNextAttemptToReadTheJournal() async throws {
        let store = FailingStore(test.store)
        let registry = registry(ChangeFeed.Limits(batchDelay: .zero, retryInterval: .seconds(3600)), over: store)
        let failures = WatchedValue(0)
        try await feeding(registry) { _ in
            failures.withLock { $0 += 1 }
        } _: {
            var iterator = try await registry.changes().makeAsyncIterator()
            store.failReads(true)
            try await allocate("lost", at: registry)
            try await failures.wait { $0 > 0 }
            await #expect(throws: RegistryError.self) { _ = try await registry.changes() }
            store.failReads(false)
            // A new subscriber, a further commit and the end of the feed come at once.
            var late = try await registry.changes().makeAsyncIterator()
            try await allocate("web", at: registry)
            #expect(Self.text(await iterator.next()) == "reset")
            #expect(Self.text(await late.next()) == "allocated web")
        }
    }

    @Test func logIsEmptyAfterTheLastSubscriberHasGone() async throws {
        let registry = registry(ChangeFeed.Limits(batchDelay: .zero))
        try await feeding(registry) {
            let stalled = try await registry.changes()
            let others = try await registry.changes()
            var iterator = others.makeAsyncIterator()
            try await allocate("web", at: registry)
            _ = await iterator.next()
            others.cancel()
            #expect(registry.changeFeed.keptEvents == 1)
            stalled.cancel()
            #expect(registry.changeFeed.keptEvents == 0)
        }
    }

    @Test func appearingAndDisappearingSocketsAreChanges() async throws {
        let registry = test.registry
        let test = test
        try await feeding(registry) {
            var detector = await ConflictDetector(registry: registry)
            try await test.allocate("shop/main/web", root: "/shop")
            _ = try await detector.inspect(test.changeToken())
            var iterator = try await registry.changes().makeAsyncIterator()
            let other = Occupier(pid: 77, startTime: 1, name: "nginx", directory: "/elsewhere", ancestors: [])
            test.machine.listen(10000, as: other)
            _ = try await detector.inspect(test.changeToken())
            var changes = [await iterator.next(), await iterator.next()]
            #expect(Set(changes.map(Self.text)) == ["conflict web", "appeared 10000"])
            for case .event(let event) in changes { #expect(event.allocation?.state == .conflict) }
            test.machine.free(10000)
            _ = try await detector.inspect(test.changeToken())
            changes = [await iterator.next()]
            #expect(changes.map(Self.text) == ["gone 10000"])
            for case .event(let event) in changes { #expect(event.allocation?.state == .reserved) }
        }
    }
}
