internal import Dispatch
package import PortModel
internal import Synchronization

#if canImport(FoundationEssentials)
    package import struct FoundationEssentials.Date
#else
    package import struct Foundation.Date
#endif

/// Runs use cases one after the other and commits those that wait at the same time together, so that 50 concurrent
/// requests cost a few syncs of the log and not 50. Nobody is answered before the commit.
package final class GroupCommitter: Sendable {
    private struct Job: Sendable {
        /// Whether it will most likely ask which ports are held.
        let isChoosing: Bool
        /// Returns what to do once the changes are durable.
        let run: @Sendable (Unit) throws -> @Sendable () -> Void
        let fail: @Sendable (RegistryError) -> Void
    }

    private struct State {
        var waiting: [Job] = []
        var isScheduled = false
        var isCommitting = false
        /// Requests come one at a time: the last commit was for one, or for none yet.
        var isQuiet = true
        /// Begun when the first of `waiting` arrived, who was alone.
        var look: PendingLook?
        /// The last one that somebody waited for.
        var formerLook: (any HeldPorts)?
        var gathering = Gathering()
        /// Until when the next group waits for those who are expected; `nil`: it does not.
        var gatheringEnd: DispatchTime?
    }

    private let store: any RegistryStore
    private let machine: any Machine
    private let now: @Sendable () -> Date
    private let onDeadline: @Sendable (Uptime) -> Void
    private let onCommit: @Sendable () -> Void
    private let state = Mutex(State())
    private let patience: @Sendable (UInt64) -> UInt64
    private let queue = DispatchQueue(label: "portctl.registry")

    /// `patience`: for how long a group waits for those who were just answered, by how long theirs took, both in
    /// nanoseconds.
    package init(
        store: any RegistryStore,
        machine: any Machine,
        now: @escaping @Sendable () -> Date,
        onDeadline: @escaping @Sendable (Uptime) -> Void = { _ in },
        onCommit: @escaping @Sendable () -> Void = {},
        patience: @escaping @Sendable (UInt64) -> UInt64 = { min($0, maximumPatience) }
    ) {
        self.store = store
        self.machine = machine
        self.now = now
        self.onDeadline = onDeadline
        self.onCommit = onCommit
        self.patience = patience
    }

    /// In nanoseconds: longer than a group takes on a healthy disk.
    private static let maximumPatience: UInt64 = 2_000_000

    /// Runs `body` in a write transaction and returns after the commit. A refusal is a value, so that what was recorded
    /// about it is kept; `body` throws only when the store failed, and then nothing of it remains. It may be run again
    /// after what it changed was undone, so it does nothing outside of the transaction. `isChoosing` says that it most
    /// likely asks which ports are held, which is then found out while the transaction begins.
    package func perform<Value: Sendable>(
        isChoosing: Bool = false,
        _ body: @escaping @Sendable (Unit) throws -> Result<Value, RegistryError>
    ) async throws(RegistryError) -> Value {
        let result: Result<Value, RegistryError> = await withCheckedContinuation { continuation in
            enqueue(
                Job(isChoosing: isChoosing) { unit in
                    let outcome = try body(unit)
                    return { continuation.resume(returning: outcome) }
                } fail: { error in
                    continuation.resume(returning: .failure(error))
                }
            )
        }
        return try result.get()
    }

    /// How many requests wait for the next group.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    private func enqueue(_ job: Job) {
        let next: (@Sendable () -> Void)? = state.withLock { state in
            // Where requests come together, more will have come until this one is begun: then one look is for all.
            if job.isChoosing && state.isQuiet && state.waiting.isEmpty && !state.isCommitting {
                state.look = PendingLook(at: machine)
            }
            state.waiting.append(job)
            if !state.isScheduled {
                state.isScheduled = true
                return gather
            }
            guard state.gatheringEnd != nil, state.waiting.count >= state.gathering.expected else { return nil }
            state.gatheringEnd = nil
            return drain
        }
        if let next { queue.async(execute: next) }
    }

    /// Begins the next group, or puts it off when more are expected.
    private func gather() {
        let end = state.withLock { state in
            state.gatheringEnd = state.gathering.deadline(for: state.waiting.count, at: .now())
            return state.gatheringEnd
        }
        guard let end else { return drain() }
        queue.asyncAfter(deadline: end) { [self] in
            let isMissed = state.withLock { state in
                guard state.gatheringEnd == end else { return false }
                state.gatheringEnd = nil
                return true
            }
            if isMissed { drain() }
        }
    }

    private func drain() {
        let begin = DispatchTime.now()
        let (jobs, begunLook, formerLook) = state.withLock { state in
            // A look is for those who were there when it began.
            let count = state.look == nil ? state.waiting.count : 1
            let (jobs, rest) = (Array(state.waiting.prefix(count)), Array(state.waiting.dropFirst(count)))
            let look = state.look
            state = State(
                waiting: rest,
                isScheduled: !rest.isEmpty,
                isCommitting: true,
                isQuiet: count == 1 && rest.isEmpty,
                formerLook: state.formerLook
            )
            if !rest.isEmpty { queue.async(execute: gather) }
            return (jobs, look, state.formerLook)
        }
        let look = begunLook ?? (jobs.contains(where: \.isChoosing) ? PendingLook(at: machine) : nil)
        let answers = answers(to: jobs, look: look, formerLook: formerLook)
        state.withLock { state in
            state.isCommitting = false
            let now = DispatchTime.now().uptimeNanoseconds
            let patience = DispatchTime(uptimeNanoseconds: now + patience(now - begin.uptimeNanoseconds))
            state.gathering = Gathering(answered: jobs.count, waiting: state.waiting.count, until: patience)
        }
        for answer in answers { answer() }
    }

    /// Commits the jobs. Returns what tells them how it went.
    private func answers(
        to jobs: [Job],
        look: PendingLook?,
        formerLook: (any HeldPorts)?
    ) -> [@Sendable () -> Void] {
        switch commit(jobs, look: look, formerLook: formerLook) {
        case .success(let answers): return answers
        // It broke the transaction, so nobody's change was made.
        case .failure(let failure) where failure.isOfOneJob && jobs.count > 1: return answersToEachAlone(jobs)
        case .failure(let failure): return refusals(of: jobs, because: failure)
        }
    }

    private func answersToEachAlone(_ jobs: [Job]) -> [@Sendable () -> Void] {
        var answers: [@Sendable () -> Void] = []
        for (index, job) in jobs.enumerated() {
            switch commit([job], look: nil, formerLook: nil) {
            case .success(let answer): answers += answer
            case .failure(let failure) where failure.isOfOneJob: answers += refusals(of: [job], because: failure)
            // The database itself, such as one that is locked: waiting again for each would only take longer.
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
        /// A use case threw, and not the transaction around it.
        var isOfOneJob: Bool
    }

    /// What a group was told of sockets by the former look is not so.
    private struct WrongGuess: Error {}

    /// Commits the jobs together. Returns their answers.
    private func commit(
        _ jobs: [Job],
        look: PendingLook?,
        formerLook: (any HeldPorts)?
    ) -> Result<[@Sendable () -> Void], Failure> {
        var isOfOneJob = false
        // The store makes errors its own.
        var isGuessWrong = false
        do {
            let (answers, owners, deadline) = try store.write { transaction in
                let unit = Unit(
                    transaction: transaction,
                    machine: machine,
                    pendingLook: look,
                    formerLook: formerLook,
                    now: now()
                )
                defer { keep(unit.look) }
                try unit.judge()
                let answers = try jobs.map { job in
                    do { return try job.run(unit) } catch {
                        isOfOneJob = true
                        throw error
                    }
                }
                isGuessWrong = !unit.look.areGuessesRight()
                if isGuessWrong { throw WrongGuess() }
                return (answers, transaction.livingOwners, unit.earliestDeadline)
            }
            machine.committed(owners)
            if let deadline { onDeadline(deadline) }
            onCommit()
            return .success(answers)
        } catch {
            if isGuessWrong { return commit(jobs, look: look, formerLook: nil) }
            return .failure(Failure(error: error, isOfOneJob: isOfOneJob))
        }
    }

    /// For the next group to go by.
    private func keep(_ look: GroupLook) {
        guard let finished = look.finished, finished.isSnapshot else { return }
        state.withLock { $0.formerLook = finished }
    }
}

extension RegistryError {
    /// The error as the store threw it, or `storage_failed` around another one.
    package static func storage(_ error: any Error) -> RegistryError {
        error as? RegistryError
            ?? RegistryError(
                .storageFailed,
                "the database failed: \(error)",
                hint: "portctl status names the database; look for a full disk or missing permissions"
            )
    }
}
