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

        /// Taken at most once for a group. All its requests arrived before, so it is fresh for each of them.
        package private(set) lazy var heldPorts: any HeldPorts = machine.heldPorts()

        init(transaction: any RegistryTransaction, machine: any Machine, now: Date) {
            self.transaction = transaction
            self.machine = machine
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

        /// Notes when the registry must be tidied again.
        package func note(_ deadline: Uptime?) {
            guard let deadline, deadline.milliseconds < earliestDeadline?.milliseconds ?? .max else { return }
            earliestDeadline = deadline
        }
    }

    private struct Job: Sendable {
        /// Returns what to do once the changes are durable.
        let run: @Sendable (Unit) throws -> @Sendable () -> Void
        let fail: @Sendable (RegistryError) -> Void
    }

    private struct State {
        var waiting: [Job] = []
        var isScheduled = false
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
    /// about it is kept; `body` throws only when the store failed, and then nothing of it remains.
    package func perform<Value: Sendable>(
        _ body: @escaping @Sendable (Unit) throws -> Result<Value, RegistryError>
    ) async throws(RegistryError) -> Value {
        let result: Result<Value, RegistryError> = await withCheckedContinuation { continuation in
            enqueue(
                Job { unit in
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
            state.waiting.append(job)
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if mustSchedule { queue.async { self.drain() } }
    }

    private func drain() {
        let jobs = state.withLock { state in
            defer { state = State() }
            return state.waiting
        }
        guard let failure = commit(jobs) else { return }
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
    private func commit(_ jobs: [Job]) -> Failure? {
        var isOfOneJob = false
        do {
            let (answers, owners, deadline) = try store.write { transaction in
                let unit = Unit(transaction: transaction, machine: machine, now: now())
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
