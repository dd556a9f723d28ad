import Dispatch
import PortSystem
import ServiceLifecycle
import Synchronization

/// What nothing announces is glanced at again and again, by one thread that sleeps in between. A timer of Dispatch, or
/// of a task, wakes three threads each time, which was most of what an idle daemon cost.
final class PollingLoop: Service, CustomStringConvertible {
    /// As ``HoldExpiryService/description``.
    let description = "PollingLoop"

    private let interval: @Sendable () -> Int32
    private let poll: @Sendable () -> Void
    private let isOver = Atomic(false)

    /// `pause`: milliseconds until the next poll. `poll` may block its thread, and delays the next one for as long.
    init(interval: @escaping @Sendable () -> Int32, poll: @escaping @Sendable () -> Void) {
        self.interval = interval
        self.poll = poll
    }

    func run() async throws {
        DispatchQueue(label: "port-server.pulse").async { [self] in
            // The pause comes first: a daemon that starts has somebody to answer.
            while true {
                CurrentProcess.pause(milliseconds: interval())
                guard !isOver.load(ordering: .acquiring) else { return }
                poll()
            }
        }
        // Nobody waits for the thread: it only ever reads.
        try? await gracefulShutdown()
        isOver.store(true, ordering: .releasing)
    }
}
