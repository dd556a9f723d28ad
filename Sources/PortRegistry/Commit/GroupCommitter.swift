import Dispatch
package import PortModel
import Synchronization

/// Runs use cases one after the other, and commits those that wait at the same time in one transaction: 50 concurrent
/// requests cost a few syncs of the log instead of 50. No request is answered before its commit.
package final class GroupCommitter: Sendable {
    private struct Job: Sendable {
        /// Whether the job will most likely query which ports are held.
        let isChoosing: Bool
        /// Runs the use case. Returns the closure that answers the request, to be called once the changes are durable.
        let run: @Sendable (WriteContext) throws -> @Sendable () -> Void
        let fail: @Sendable (RegistryError) -> Void
    }

    private struct State {
        var waiting: [Job] = []
        var isScheduled = false
        var isCommitting = false
        /// Whether requests come one at a time: the last group had one request, or there was no group yet.
        var isQuiet = true
        /// Started when the first job of `waiting` arrived and no other was waiting.
        var snapshot: SnapshotTask?
        /// The newest snapshot that a group has waited for.
        var previousSnapshot: (any HeldPorts)?
        var batchWindow = BatchWindow()
        /// When the next group starts even if the expected requests have not arrived; `nil` when it does not wait.
        var batchWindowEnd: DispatchTime?
    }

    private let store: any RegistryStore
    private let machine: any Machine
    private let provenListeners: ProvenListeners
    private let onDeadline: @Sendable (Uptime) -> Void
    private let onCommit: @Sendable () -> Void
    private let state = Mutex(State())
    private let batchDelay: @Sendable (UInt64) -> UInt64
    private let queue = DispatchQueue(label: "portctl.registry")

    /// Creates a committer without listeners that were proven before.
    package convenience init(
        store: any RegistryStore,
        machine: any Machine,
        onDeadline: @escaping @Sendable (Uptime) -> Void = { _ in },
        onCommit: @escaping @Sendable () -> Void = {},
        batchDelay: @escaping @Sendable (UInt64) -> UInt64 = { min($0, maximumBatchDelay) }
    ) {
        self.init(
            store: store,
            machine: machine,
            provenListeners: ProvenListeners(),
            onDeadline: onDeadline,
            onCommit: onCommit,
            batchDelay: batchDelay
        )
    }

    /// - Parameters:
    ///   - onDeadline: Called after a commit with the earliest moment at which a hold ends.
    ///   - onCommit: Called after each commit.
    ///   - batchDelay: How long a group waits for the clients that were just answered, as a function of how long their
    ///     group took; both in nanoseconds.
    init(
        store: any RegistryStore,
        machine: any Machine,
        provenListeners: ProvenListeners,
        onDeadline: @escaping @Sendable (Uptime) -> Void = { _ in },
        onCommit: @escaping @Sendable () -> Void = {},
        batchDelay: @escaping @Sendable (UInt64) -> UInt64 = { min($0, maximumBatchDelay) }
    ) {
        self.store = store
        self.machine = machine
        self.provenListeners = provenListeners
        self.onDeadline = onDeadline
        self.onCommit = onCommit
        self.batchDelay = batchDelay
    }

    /// The maximum delay in nanoseconds; longer than a group takes on a healthy disk.
    private static let maximumBatchDelay: UInt64 = 2_000_000

    /// Runs `body` in a write transaction and returns after the commit.
    ///
    /// A refusal is a value, so that its journal entry is kept; `body` throws only when the store failed, and then its
    /// changes are rolled back. `body` may run again after a rollback, so it must have no effect outside of the
    /// transaction. Pass `isChoosing` when `body` most likely queries which ports are held: the sockets are then read
    /// while the transaction begins. Throws the refusal, or `storage_failed`.
    package func perform<Value: Sendable>(
        isChoosing: Bool = false,
        _ body: @escaping @Sendable (WriteContext) throws -> Result<Value, RegistryError>
    ) async throws(RegistryError) -> Value {
        let result: Result<Value, RegistryError> = await withCheckedContinuation { continuation in
            enqueue(
                Job(isChoosing: isChoosing) { context in
                    let outcome = try body(context)
                    return { continuation.resume(returning: outcome) }
                } fail: { error in
                    continuation.resume(returning: .failure(error))
                }
            )
        }
        return try result.get()
    }

    /// The number of requests that wait for the next group.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    private func enqueue(_ job: Job) {
        let next: (@Sendable () -> Void)? = state.withLock { state in
            // While requests arrive together, more will wait by the time this one runs, and one snapshot serves all.
            if job.isChoosing && state.isQuiet && state.waiting.isEmpty && !state.isCommitting {
                state.snapshot = SnapshotTask(of: machine)
            }
            state.waiting.append(job)
            if !state.isScheduled {
                state.isScheduled = true
                return startBatchWindow
            }
            guard state.batchWindowEnd != nil, state.waiting.count >= state.batchWindow.expected else { return nil }
            state.batchWindowEnd = nil
            return drain
        }
        if let next { queue.async(execute: next) }
    }

    /// Runs the next group, now or, when more requests are expected, at the end of its batch window.
    private func startBatchWindow() {
        let end = state.withLock { state in
            state.batchWindowEnd = state.batchWindow.deadline(for: state.waiting.count, at: .now())
            return state.batchWindowEnd
        }
        guard let end else { return drain() }
        queue.asyncAfter(deadline: end) { [self] in
            let isExpired = state.withLock { state in
                guard state.batchWindowEnd == end else { return false }
                state.batchWindowEnd = nil
                return true
            }
            if isExpired { drain() }
        }
    }

    private func drain() {
        let begin = DispatchTime.now()
        let (jobs, startedSnapshot, previousSnapshot) = state.withLock { state in
            // A snapshot is fresh only for the requests that were waiting when it was started.
            let count = state.snapshot == nil ? state.waiting.count : 1
            let (jobs, rest) = (Array(state.waiting.prefix(count)), Array(state.waiting.dropFirst(count)))
            let snapshot = state.snapshot
            state = State(
                waiting: rest,
                isScheduled: !rest.isEmpty,
                isCommitting: true,
                isQuiet: count == 1 && rest.isEmpty,
                previousSnapshot: state.previousSnapshot
            )
            if !rest.isEmpty { queue.async(execute: startBatchWindow) }
            return (jobs, snapshot, state.previousSnapshot)
        }
        let snapshot = startedSnapshot ?? (jobs.contains(where: \.isChoosing) ? SnapshotTask(of: machine) : nil)
        let answers = answers(to: jobs, snapshot: snapshot, previousSnapshot: previousSnapshot)
        state.withLock { state in
            state.isCommitting = false
            let now = DispatchTime.now().uptimeNanoseconds
            let deadline = DispatchTime(uptimeNanoseconds: now + batchDelay(now - begin.uptimeNanoseconds))
            state.batchWindow = BatchWindow(answered: jobs.count, waiting: state.waiting.count, until: deadline)
        }
        for answer in answers { answer() }
    }

    /// Commits the jobs. Returns the closures that answer them.
    private func answers(
        to jobs: [Job],
        snapshot: SnapshotTask?,
        previousSnapshot: (any HeldPorts)?
    ) -> [@Sendable () -> Void] {
        switch commit(jobs, snapshot: snapshot, previousSnapshot: previousSnapshot) {
        case .success(let answers): return answers
        // One job broke the transaction, so no job's change was made.
        case .failure(let failure) where failure.isOfOneJob && jobs.count > 1: return answersToEachAlone(jobs)
        case .failure(let failure): return refusals(of: jobs, because: failure)
        }
    }

    private func answersToEachAlone(_ jobs: [Job]) -> [@Sendable () -> Void] {
        var answers: [@Sendable () -> Void] = []
        for (index, job) in jobs.enumerated() {
            switch commit([job], snapshot: nil, previousSnapshot: nil) {
            case .success(let answer): answers += answer
            case .failure(let failure) where failure.isOfOneJob: answers += refusals(of: [job], because: failure)
            // The database itself failed, for example because it is locked: retrying each job would only take longer.
            case .failure(let failure): return answers + refusals(of: jobs[index...], because: failure)
            }
        }
        return answers
    }

    private func refusals(of jobs: some Sequence<Job>, because failure: Failure) -> [@Sendable () -> Void] {
        jobs.map { job in { job.fail(.storage(failure.error)) } }
    }

    private struct Failure: Error {
        var error: any Error
        /// Whether a use case threw, and not the transaction around it.
        var isOfOneJob: Bool
    }

    /// The group's own snapshot disagrees with answers that came from the previous one.
    private struct MisspeculationError: Error {}

    /// Runs the jobs in one transaction. Returns the closures that answer them.
    private func commit(
        _ jobs: [Job],
        snapshot: SnapshotTask?,
        previousSnapshot: (any HeldPorts)?
    ) -> Result<[@Sendable () -> Void], Failure> {
        var isOfOneJob = false
        // The store wraps what is thrown through it, so the reason is kept here.
        var isMisspeculated = false
        do {
            let (answers, owners, deadline) = try store.write { transaction in
                let context = WriteContext(
                    transaction: transaction,
                    machine: machine,
                    provenListeners: provenListeners,
                    snapshotTask: snapshot,
                    previousSnapshot: previousSnapshot,
                    now: machine.timestamp()
                )
                defer { keep(context.snapshot) }
                try context.reconcile()
                let answers = try jobs.map { job in
                    do { return try job.run(context) } catch {
                        isOfOneJob = true
                        throw error
                    }
                }
                isMisspeculated = !context.snapshot.isSpeculationRight()
                if isMisspeculated { throw MisspeculationError() }
                return (answers, transaction.livingOwners, context.earliestDeadline)
            }
            machine.didCommit(owners)
            if let deadline { onDeadline(deadline) }
            onCommit()
            return .success(answers)
        } catch {
            if isMisspeculated { return commit(jobs, snapshot: snapshot, previousSnapshot: nil) }
            return .failure(Failure(error: error, isOfOneJob: isOfOneJob))
        }
    }

    /// Keeps the group's snapshot for speculative answers to the next group.
    private func keep(_ snapshot: GroupSnapshot) {
        guard let finished = snapshot.finished, finished.isSnapshot else { return }
        state.withLock { $0.previousSnapshot = finished }
    }
}
