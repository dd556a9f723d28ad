import Dispatch
import PortModel
import PortSystem
import Synchronization

/// Rings when a process exits, when the earliest of the moments it was told of has come, and at the latest after the
/// sweep's interval. It neither polls nor runs on the wall clock.
final class ExpiryTimer: Sendable {
    let wakeups: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let queue = DispatchQueue(label: "port-server.expiryTimer")
    // Set once, and libdispatch's sources may be used from any thread; its Swift protocols are only not marked so.
    private nonisolated(unsafe) let timer: any DispatchSourceTimer
    private nonisolated(unsafe) let sweepTimer: any DispatchSourceTimer
    private nonisolated(unsafe) let exits: any DispatchSourceRead
    /// Of the moment that the timer is set for, in milliseconds of this boot; `nil` when it is not set.
    private let due = Mutex<Int64?>(nil)

    /// `sweepInterval` in seconds.
    init(watcher: ProcessWatcher, sweepInterval: Int) {
        // One waiting ring is enough: each makes the registry look at everything.
        (wakeups, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        timer = DispatchSource.makeTimerSource(queue: queue)
        sweepTimer = DispatchSource.makeTimerSource(queue: queue)
        exits = DispatchSource.makeReadSource(fileDescriptor: watcher.descriptor, queue: queue)
        timer.setEventHandler { [weak self] in self?.fire() }
        sweepTimer.setEventHandler { [continuation] in
            watcher.sweep()
            continuation.yield()
        }
        exits.setEventHandler { [continuation] in
            // Taken out of the kernel's queue here, or the source would fire again at once.
            watcher.collect()
            continuation.yield()
        }
        let interval = DispatchTimeInterval.seconds(sweepInterval)
        sweepTimer.schedule(deadline: .now() + interval, repeating: interval, leeway: .seconds(1))
        timer.schedule(deadline: .distantFuture)
        for source in [timer, sweepTimer, exits] as [any DispatchSourceProtocol] { source.activate() }
    }

    /// Rings at `moment`, if that is earlier than what it was set for.
    func schedule(at moment: Uptime) {
        due.withLock { due in
            if let due, due <= moment.milliseconds { return }
            due = moment.milliseconds
            let left = max(0, moment.milliseconds - SystemClock.uptime.milliseconds)
            timer.schedule(deadline: .now() + .milliseconds(Int(left)), leeway: .milliseconds(1))
        }
    }

    private func fire() {
        due.withLock { $0 = nil }
        continuation.yield()
    }

    /// Ends `wakeups`.
    func stop() {
        continuation.finish()
        for source in [timer, sweepTimer, exits] as [any DispatchSourceProtocol] { source.cancel() }
    }
}
