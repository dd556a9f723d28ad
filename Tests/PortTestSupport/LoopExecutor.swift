import Dispatch

/// Runs one job at a time, as an event loop does.
package final class LoopExecutor: TaskExecutor {
    private static let key = DispatchSpecificKey<Bool>()
    private let queue = DispatchQueue(label: "loop")

    package init() { queue.setSpecific(key: Self.key, value: true) }

    /// Whether the caller runs on this executor.
    package var isCurrent: Bool { DispatchQueue.getSpecific(key: Self.key) ?? false }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
