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
    /// What a use case works with: the open transaction and one look at the machine.
    package final class Unit {
        package let transaction: any RegistryTransaction
        package let now: Date
        package let uptime: Uptime
        let machine: any Machine
        private var occupancies: [Port: Occupancy?] = [:]
        private var longestUnused: [PortPool: [Port]] = [:]
        /// The earliest of the deadlines that were noted.
        fileprivate var earliestDeadline: Uptime?

        private let pendingLook: PendingLook?

        /// Taken at most once for a group. All its requests arrived before, so it is fresh for each of them.
        package private(set) lazy var heldPorts: any HeldPorts = freshLook()

        fileprivate init(
            transaction: any RegistryTransaction,
            machine: any Machine,
            pendingLook: PendingLook?,
            now: Date
        ) {
            self.transaction = transaction
            self.machine = machine
            self.pendingLook = pendingLook
            // As it will be read back from the database.
            self.now = Date(milliseconds: now.milliseconds)
            self.uptime = machine.uptime()
        }

        /// Who listens on `port`; `nil` when nobody does. Looked up once.
        /// Throws `machine_busy`.
        package func occupancy(of port: Port) throws(RegistryError) -> Occupancy? {
            if let known = occupancies[port] { return known }
            let found = try machine.occupancies(of: [port])[port]
            occupancies[port] = .some(found)
            return found
        }

        /// As the store has it, asked for once until something ends: allocating only takes ports away, and whoever
        /// chooses looks at those anyhow.
        package func longestUnusedPorts(in pool: PortPool) throws -> [Port] {
            if let known = longestUnused[pool] { return known }
            let ports = try transaction.longestUnusedPorts(in: pool)
            longestUnused[pool] = ports
            return ports
        }

        /// An allocation has ended: its port is one of them now.
        func forgetUnusedPorts() { longestUnused = [:] }

        /// The one that was begun for this group, unless the transaction had to wait for another program's: nothing
        /// else takes so long.
        private func freshLook() -> any HeldPorts {
            let oldest = Int64(20)
            guard let pendingLook, uptime.milliseconds - pendingLook.begun.milliseconds <= oldest else {
                return machine.heldPorts()
            }
            return pendingLook.ports()
        }

        /// Notes when the registry must be tidied again.
        package func note(_ deadline: Uptime?) {
            guard let deadline, deadline.milliseconds < earliestDeadline?.milliseconds ?? .max else { return }
            earliestDeadline = deadline
        }
    }

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
    }

    private let store: any RegistryStore
    private let machine: any Machine
    private let now: @Sendable () -> Date
    private let onDeadline: @Sendable (Uptime) -> Void
    private let onCommit: @Sendable () -> Void
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "portctl.registry")

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
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if mustSchedule { queue.async { self.drain() } }
    }

    private func drain() {
        let (jobs, begunLook, hasMore) = state.withLock { state in
            // A look is for those who were there when it began.
            let count = state.look == nil ? state.waiting.count : 1
            let (jobs, rest) = (Array(state.waiting.prefix(count)), Array(state.waiting.dropFirst(count)))
            let look = state.look
            state = State(
                waiting: rest,
                isScheduled: !rest.isEmpty,
                isCommitting: true,
                isQuiet: count == 1 && rest.isEmpty
            )
            return (jobs, look, !rest.isEmpty)
        }
        if hasMore { queue.async { self.drain() } }
        defer { state.withLock { $0.isCommitting = false } }
        let look = begunLook ?? (jobs.contains(where: \.isChoosing) ? PendingLook(at: machine) : nil)
        guard let failure = commit(jobs, look: look) else { return }
        if failure.isOfOneJob && jobs.count > 1 {
            // It broke the transaction, so nobody's change was made: each again, alone.
            for job in jobs {
                if let failure = commit([job], look: nil) { job.fail(.storage(failure.error)) }
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
    private func commit(_ jobs: [Job], look: PendingLook?) -> Failure? {
        var isOfOneJob = false
        do {
            let (answers, owners, deadline) = try store.write { transaction in
                let unit = Unit(transaction: transaction, machine: machine, pendingLook: look, now: now())
                try unit.judge()
                let answers = try jobs.map { job in
                    do { return try job.run(unit) } catch {
                        isOfOneJob = true
                        throw error
                    }
                }
                return (answers, transaction.livingOwners, unit.earliestDeadline)
            }
            machine.committed(owners)
            if let deadline { onDeadline(deadline) }
            for answer in answers { answer() }
            onCommit()
            return nil
        } catch {
            return Failure(error: error, isOfOneJob: isOfOneJob)
        }
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
