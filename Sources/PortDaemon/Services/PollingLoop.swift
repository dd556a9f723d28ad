import Dispatch
import PortSystem
import ServiceLifecycle
import Synchronization

/// Polls, on one thread, state for which the kernel sends no notification. The thread sleeps in between: a timer of
/// Dispatch or of a task wakes three threads each time, which was most of the cost of an idle daemon.
final class PollingLoop: Service, CustomStringConvertible {
    /// The name in the service group's log; see ``HoldExpiryService/description``.
    let description = "PollingLoop"

    private let interval: @Sendable () -> Int32
    private let poll: @Sendable () -> Void
    private let isStopped = Atomic(false)

    /// Creates a loop that waits `interval` milliseconds before each call of `poll`. `poll` may block its thread, which
    /// delays the next call.
    init(interval: @escaping @Sendable () -> Int32, poll: @escaping @Sendable () -> Void) {
        self.interval = interval
        self.poll = poll
    }

    func run() async throws {
        DispatchQueue(label: "port-server.polling-loop").async { [self] in
            // Waits first, because a daemon that has just started has requests to answer.
            while true {
                CurrentProcess.pause(milliseconds: interval())
                guard !isStopped.load(ordering: .acquiring) else { return }
                poll()
            }
        }
        // The shutdown need not wait for the thread, which only reads.
        try? await gracefulShutdown()
        isStopped.store(true, ordering: .releasing)
    }
}
