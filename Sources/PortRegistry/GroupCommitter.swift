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
        /// The last one that was finished.
        var formerLook: (any HeldPorts)?
        var gathering = Gathering()
        /// Whether the next group waits until all who are expected have come.
        var isGathering = false
    }

    private let store: any RegistryStore
    private let machine: any Machine
    private let now: @Sendable () -> Date
    private let onDeadline: @Sendable (Uptime) -> Void
    private let onCommit: @Sendable () -> Void
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "portctl.registry")
    /// Signalled when all who were expected are there.
    private let gathered = DispatchSemaphore(value: 0)

    package init(
        store: any RegistryStore,
        machine: any Machine,
        now: @escaping @Sendable () -> Date,
        onDeadline: @escaping @Sendable (Uptime) -> Void = { _ in },
        onCommit: @escaping @Sendable () -> Void = {}
    ) {
        self.store = store
        self.machine = machine
        self.now = now
        self.onDeadline = onDeadline
        self.onCommit = onCommit
    }

    /// Runs `body` in a write transaction and returns after the commit. A refusal is a value, so that what was recorded
    /// about it is kept; `body` throws only when the store failed, and then nothing of it remains. `isChoosing` says
    /// that it most likely asks which ports are held, which is then found out while the transaction begins.
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

    private func enqueue(_ job: Job) {
        let mustSchedule = state.withLock { state in
            // Where requests come together, more will have come until this one is begun: then one look is for all.
            if job.isChoosing && state.isQuiet && state.waiting.isEmpty && !state.isCommitting {
                state.look = PendingLook(at: machine)
            }
            state.waiting.append(job)
            if state.isGathering && state.waiting.count >= state.gathering.expected {
                state.isGathering = false
                gathered.signal()
            }
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if mustSchedule { queue.async { self.drain() } }
    }

    /// Waits for those who are expected, if some are.
    private func gather() {
        let deadline = state.withLock { state in
            let deadline = state.gathering.deadline(for: state.waiting.count, at: .now())
            state.isGathering = deadline != nil
            return deadline
        }
        guard let deadline, gathered.wait(timeout: deadline) == .timedOut else { return }
        state.withLock { state in
            // They have come after all.
            if !state.isGathering { gathered.wait() }
            state.isGathering = false
        }
    }

    private func drain() {
        gather()
        let begin = DispatchTime.now()
        let (jobs, begunLook, formerLook, hasMore) = state.withLock { state in
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
            return (jobs, look, state.formerLook, !rest.isEmpty)
        }
        if hasMore { queue.async { self.drain() } }
        defer {
            state.withLock { state in
                state.isCommitting = false
                state.gathering = Gathering(
                    answered: jobs.count,
                    waiting: state.waiting.count,
                    begin: begin,
                    end: .now()
                )
            }
        }
        let look = begunLook ?? (jobs.contains(where: \.isChoosing) ? PendingLook(at: machine) : nil)
        guard let failure = commit(jobs, look: look, formerLook: formerLook) else { return }
        if failure.isOfOneJob && jobs.count > 1 {
            // It broke the transaction, so nobody's change was made: each again, alone.
            for job in jobs {
                if let failure = commit([job]) { job.fail(.storage(failure.error)) }
            }
        } else {
            // The database itself, such as one that is locked: waiting again for each would only take longer.
            for job in jobs { job.fail(.storage(failure.error)) }
        }
    }

    private struct Failure {
        var error: any Error
        /// A use case threw, and not the transaction around it.
        var isOfOneJob: Bool
    }

    /// Commits the jobs together and answers them; `nil` when that went well.
    private func commit(
        _ jobs: [Job],
        look: PendingLook? = nil,
        formerLook: (any HeldPorts)? = nil
    ) -> Failure? {
        var isOfOneJob = false
        var wasGuessWrong = false
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
                guard unit.look.areGuessesRight() else {
                    wasGuessWrong = true
                    throw CancellationError()
                }
                return (answers, transaction.livingOwners, unit.earliestDeadline)
            }
            machine.committed(owners)
            if let deadline { onDeadline(deadline) }
            for answer in answers { answer() }
            onCommit()
            return nil
        } catch {
            if wasGuessWrong { return commit(jobs, look: look) }
            return Failure(error: error, isOfOneJob: isOfOneJob)
        }
    }

    private func keep(_ look: GroupLook) {
        guard let finished = look.finished else { return }
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
