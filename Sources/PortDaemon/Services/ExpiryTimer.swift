import Dispatch
import PortModel
import PortSystem
import Synchronization

/// Fires when an owner exits, at the earliest scheduled moment, and after each sweep. It neither polls nor uses the
/// wall clock.
final class ExpiryTimer: Sendable {
    /// An element each time the timer fires.
    let wakeups: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let queue = DispatchQueue(label: "port-server.expiry-timer")
    // Proof for `nonisolated(unsafe)`: the three are constants, and libdispatch's sources may be used from any thread.
    // Only its Swift protocols are not marked as Sendable.
    private nonisolated(unsafe) let timer: any DispatchSourceTimer
    private nonisolated(unsafe) let sweepTimer: any DispatchSourceTimer
    private nonisolated(unsafe) let exits: any DispatchSourceRead
    /// The moment for which the timer is set, as uptime in milliseconds; `nil` when it is not set.
    private let due = Mutex<Int64?>(nil)

    /// Starts to wait for exits that `watcher` reports, and sweeps its owners every `sweepInterval` seconds; where the
    /// system reports no exits, every half second.
    init(watcher: ProcessWatcher, sweepInterval: Int) {
        // One pending element is enough: each makes the registry expire all holds that are due.
        (wakeups, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        timer = DispatchSource.makeTimerSource(queue: queue)
        sweepTimer = DispatchSource.makeTimerSource(queue: queue)
        exits = DispatchSource.makeReadSource(fileDescriptor: watcher.descriptor, queue: queue)
        timer.setEventHandler { [weak self] in self?.fire() }
        let reportsExits = ProcessHandle.reportsExits
        sweepTimer.setEventHandler { [continuation] in
            let before = watcher.exits.count
            watcher.sweep()
            if reportsExits || watcher.exits.count != before { continuation.yield() }
        }
        exits.setEventHandler { [continuation] in
            // Empties the kernel's queue; otherwise the source would fire again at once.
            watcher.collect()
            continuation.yield()
        }
        let interval = reportsExits ? DispatchTimeInterval.seconds(sweepInterval) : .milliseconds(500)
        let leeway = reportsExits ? DispatchTimeInterval.seconds(1) : .milliseconds(50)
        sweepTimer.schedule(deadline: .now() + interval, repeating: interval, leeway: leeway)
        timer.schedule(deadline: .distantFuture)
        for source in [timer, sweepTimer, exits] as [any DispatchSourceProtocol] { source.activate() }
    }

    /// Fires at `moment`, unless the timer is already set for an earlier one.
    func schedule(at moment: Uptime) {
        due.withLock { due in
            if let due, due <= moment.milliseconds { return }
            due = moment.milliseconds
            let remaining = max(0, moment.milliseconds - SystemClock.uptime.milliseconds)
            timer.schedule(deadline: .now() + .milliseconds(Int(remaining)), leeway: .milliseconds(1))
        }
    }

    private func fire() {
        due.withLock { $0 = nil }
        continuation.yield()
    }

    /// Cancels all timers and ends ``wakeups``.
    func stop() {
        continuation.finish()
        for source in [timer, sweepTimer, exits] as [any DispatchSourceProtocol] { source.cancel() }
    }
}
