import PortModel
import Synchronization

/// Reads once what has changed, and passes it on to every subscriber in this process.
///
/// All subscribers read from one bounded log, each at its own position. Without a subscriber nothing is read, and one
/// that stalls costs the others and the commits nothing.
final class ChangeFeed: Sendable {
    /// The most changes that a subscriber receives at once.
    static let maximumBatch = 512

    /// The feed's limits.
    struct Limits: Sendable {
        /// The most events that wait for the slowest subscriber: a few seconds at full load, an hour on a busy machine.
        var history = 16384
        /// Commits within this time are read together, so that 5,000 allocations in a row are some dozen reads.
        var batchDelay = Duration.milliseconds(50)
        /// The time between two attempts to read a journal that cannot be read.
        var retryInterval = Duration.seconds(1)
    }

    private enum Message: Sendable {
        case committed
        /// Some time has passed since the journal could not be read.
        case tryAgain
        case socketsChanged([SocketChange])
        case subscribe(CheckedContinuation<Result<Changes, RegistryError>, Never>)
        case mark(Int)
    }

    private struct Subscriber {
        /// The number of the last event that it has received.
        var position: Int
        /// Whether events are missing that never came into the log.
        var hasMissed = false
        /// The numbers of the events after which it receives a mark, in ascending order.
        var marks: [Int] = []
        var waiter: CheckedContinuation<[Change]?, Never>?
    }

    private struct State {
        var log: BoundedLog<RegistryEvent>
        var subscribers: [Int: Subscriber] = [:]
        var lastSubscriber = 0
    }

    private let limits: Limits
    private let state: Mutex<State>
    private let messages: AsyncStream<Message>
    private let mailbox: AsyncStream<Message>.Continuation
    /// Whether the mailbox contains a `committed`.
    private let isPending = Atomic(false)
    private let commits = Atomic<Int64>(0)
    private let hasStopped = Atomic(false)
    /// The size of `subscribers`, for commits: they do not wait for who holds the lock.
    private let subscriberCount = Atomic(0)

    init(limits: Limits = Limits()) {
        self.limits = limits
        state = Mutex(State(log: BoundedLog(maximumCount: limits.history)))
        (messages, mailbox) = AsyncStream.makeStream()
    }

    /// Whether somebody wants to know of changes.
    var hasSubscribers: Bool { subscriberCount.load(ordering: .sequentiallyConsistent) > 0 }

    /// The number of commits of this process.
    var ownCommits: Int64 { commits.load(ordering: .acquiring) }

    /// The number of events that the log keeps.
    var keptEvents: Int { state.withLock { $0.log.last - $0.log.forgotten } }

    /// Called after each commit of this process. Takes the same time, however many subscribe.
    func didCommit() {
        commits.add(1, ordering: .releasing)
        readSoon()
    }

    /// Makes ``run(_:onFailure:)`` read the journal, because this process or another has committed.
    func readSoon() {
        guard hasSubscribers, !isPending.exchange(true, ordering: .acquiringAndReleasing) else { return }
        mailbox.yield(.committed)
    }

    /// Called when sockets have appeared or disappeared.
    func socketsDidChange(_ changes: [SocketChange]) {
        if !changes.isEmpty, hasSubscribers { mailbox.yield(.socketsChanged(changes)) }
    }

    /// Adds a subscriber, in order with the events: it receives those of every later commit. Waits until the feed runs.
    /// Throws `storage_failed`, and `system_unavailable` when the feed has stopped.
    func subscribe() async throws(RegistryError) -> Changes {
        try await withCheckedContinuation { continuation in
            if case .terminated = mailbox.yield(.subscribe(continuation)) {
                continuation.resume(
                    returning: .failure(RegistryError(.systemUnavailable, "the daemon is stopping"))
                )
            }
        }.get()
    }

    /// Removes a subscriber. If it waits, it receives the end of its sequence.
    func unsubscribe(_ number: Int) {
        let subscriber = state.withLock { state in
            defer {
                countSubscribers(state)
                Self.forgetWhatEverybodyHas(&state)
            }
            return state.subscribers.removeValue(forKey: number)
        }
        subscriber?.waiter?.resume(returning: nil)
    }

    /// Gives a subscriber a mark, in order with the events.
    func mark(_ number: Int) { mailbox.yield(.mark(number)) }

    /// Returns what waits for a subscriber, and waits for it if needed; `nil` when the subscription has ended.
    func next(for number: Int) async -> [Change]? {
        await withCheckedContinuation { continuation in
            let changes: [Change]?? = state.withLock { state in
                guard var subscriber = state.subscribers[number] else { return .some(nil) }
                let changes = Self.changes(for: &subscriber, from: state.log)
                if changes == nil { subscriber.waiter = continuation }
                state.subscribers[number] = subscriber
                return changes.map(Optional.some)
            }
            if let changes { continuation.resume(returning: changes) }
        }
    }

    /// Returns the next changes for a subscriber, and advances it; `nil` when it has received everything.
    private static func changes(for subscriber: inout Subscriber, from log: BoundedLog<RegistryEvent>) -> [Change]? {
        if subscriber.hasMissed || subscriber.position < log.forgotten {
            let marks = subscriber.marks.map { _ in Change.mark }
            (subscriber.position, subscriber.hasMissed, subscriber.marks) = (log.last, false, [])
            return [.reset] + marks
        }
        if subscriber.marks.first == subscriber.position {
            subscriber.marks.removeFirst()
            return [.mark]
        }
        guard subscriber.position < log.last else { return nil }
        let end = min(subscriber.marks.first ?? log.last, subscriber.position + maximumBatch)
        let events = log.elements(after: subscriber.position, limit: end - subscriber.position)
        subscriber.position += events.count
        return events.map(Change.event)
    }

    /// Reads and publishes changes until ``stop()``, one message at a time, so that a new subscriber misses none.
    /// Every sequence ends then. `report` gets the first of several failures in a row.
    func run(_ registry: Registry, onFailure report: @Sendable (RegistryError) -> Void) async {
        await withDiscardingTaskGroup { group in
            await handleMessages(of: registry, &group, onFailure: report)
            group.cancelAll()
        }
        let subscribers = state.withLock { state in
            defer {
                state.subscribers = [:]
                countSubscribers(state)
            }
            return state.subscribers.values
        }
        for subscriber in subscribers { subscriber.waiter?.resume(returning: nil) }
    }

    /// Handles messages until ``stop()``. `group` waits for the next attempt after a failure, which delays no message.
    private func handleMessages(
        of registry: Registry,
        _ group: inout DiscardingTaskGroup,
        onFailure report: @Sendable (RegistryError) -> Void
    ) async {
        var reader: EventReader?
        var willTryAgain = false
        var hasFailed = false
        for await message in messages {
            var changes: [SocketChange] = []
            switch message {
            case .subscribe(let continuation):
                continuation.resume(returning: await addSubscriber(with: &reader, of: registry))
                continue
            case .mark(let number):
                serve { state in state.subscribers[number]?.marks.append(state.log.last) }
                continue
            case .committed:
                try? await Task.sleep(for: limits.batchDelay)
                isPending.store(false, ordering: .releasing)
            case .tryAgain: willTryAgain = false
            case .socketsChanged(let sockets): changes = sockets
            }
            guard hasSubscribers else {
                reader = nil
                continue
            }
            do throws(RegistryError) {
                if reader == nil {
                    reader = try await EventReader(registry: registry)
                    missEvents()
                }
                publish(try await reader!.next(with: changes))
                hasFailed = false
            } catch {
                // Most likely the database failed. Subscribers receive `reset` now, and again when it works, or is
                // another one.
                reader = nil
                if !hasFailed {
                    report(error)
                    missEvents()
                    serve { _ in }
                }
                hasFailed = true
                guard !willTryAgain else { continue }
                willTryAgain = true
                group.addTask { [self] in
                    guard (try? await Task.sleep(for: limits.retryInterval)) != nil else { return }
                    mailbox.yield(.tryAgain)
                }
            }
        }
    }

    /// Ends ``run(_:onFailure:)`` and every sequence.
    func stop() {
        hasStopped.store(true, ordering: .releasing)
        mailbox.finish()
    }

    /// Whether ``stop()`` was called.
    var isStopped: Bool { hasStopped.load(ordering: .acquiring) }

    /// Adds a subscriber, and begins to read if it is the first one.
    private func addSubscriber(
        with reader: inout EventReader?,
        of registry: Registry
    ) async -> Result<Changes, RegistryError> {
        let isFirst = !hasSubscribers
        // Before the reader begins, so that every commit that the reader has not seen makes it read again.
        let number = state.withLock { state in
            state.lastSubscriber += 1
            state.subscribers[state.lastSubscriber] = Subscriber(position: state.log.last)
            countSubscribers(state)
            return state.lastSubscriber
        }
        do throws(RegistryError) {
            if reader == nil || isFirst {
                reader = try await EventReader(registry: registry)
                missEvents(before: number)
            }
            return .success(Changes(ChangeSubscription(feed: self, number: number)))
        } catch {
            unsubscribe(number)
            return .failure(error)
        }
    }

    /// Called with the lock, after each change of `subscribers`.
    private func countSubscribers(_ state: State) {
        subscriberCount.store(state.subscribers.count, ordering: .sequentiallyConsistent)
    }

    /// Makes every subscriber begin again, but for those from `newest` on.
    private func missEvents(before newest: Int = .max) {
        state.withLock { state in
            for number in state.subscribers.keys where number < newest {
                state.subscribers[number]!.hasMissed = true
            }
        }
    }

    /// Adds the events to the log, and hands them to the subscribers that wait.
    private func publish(_ batch: EventReader.Batch) {
        if batch.isIncomplete { missEvents() }
        serve { state in
            for event in batch.events { state.log.append(event) }
        }
    }

    /// Changes the state, and hands what is new to the subscribers that wait.
    private func serve(_ body: (inout State) -> Void) {
        let served = state.withLock { state in
            body(&state)
            return Self.changesForWaitingSubscribers(&state)
        }
        for (waiter, changes) in served { waiter.resume(returning: changes) }
    }

    /// Advances the subscribers that wait, and returns what to resume each with. Forgets what everybody has.
    private static func changesForWaitingSubscribers(
        _ state: inout State
    ) -> [(CheckedContinuation<[Change]?, Never>, [Change])] {
        var served: [(CheckedContinuation<[Change]?, Never>, [Change])] = []
        // Most are at the same position: make the changes once for all of them.
        var known: [Int: ([Change], Int)] = [:]
        for (number, var subscriber) in state.subscribers {
            guard let waiter = subscriber.waiter else { continue }
            let (before, isPlain) = (subscriber.position, !subscriber.hasMissed && subscriber.marks.isEmpty)
            if isPlain, let (changes, position) = known[before] {
                served.append((waiter, changes))
                subscriber.position = position
            } else if let changes = Self.changes(for: &subscriber, from: state.log) {
                served.append((waiter, changes))
                if isPlain { known[before] = (changes, subscriber.position) }
            } else {
                continue
            }
            subscriber.waiter = nil
            state.subscribers[number] = subscriber
        }
        forgetWhatEverybodyHas(&state)
        return served
    }

    /// Without subscribers, forgets everything.
    private static func forgetWhatEverybodyHas(_ state: inout State) {
        state.log.forget(upTo: state.subscribers.values.map(\.position).min() ?? state.log.last)
    }
}
