import Dispatch
import PortSystem
import ServiceLifecycle
import Synchronization

/// What nothing announces is glanced at again and again, by one thread that sleeps in between. A timer of Dispatch, or
/// of a task, wakes three threads each time, which was most of what an idle daemon cost.
final class Pulse: Service, CustomStringConvertible {
    /// As ``HoldKeeper/description``.
    let description = "Pulse"

    private let pause: @Sendable () -> Int32
    private let beat: @Sendable () -> Void
    private let isOver = Atomic(false)

    /// `pause`: milliseconds until the next beat. `beat` may block its thread, and delays the next one for as long.
    init(pause: @escaping @Sendable () -> Int32, beat: @escaping @Sendable () -> Void) {
        self.pause = pause
        self.beat = beat
    }

    func run() async throws {
        DispatchQueue(label: "port-server.pulse").async { [self] in
            // The pause comes first: a daemon that starts has somebody to answer.
            while true {
                CurrentProcess.pause(milliseconds: pause())
                guard !isOver.load(ordering: .acquiring) else { return }
                beat()
            }
        }
        // Nobody waits for the thread: it only ever reads.
        try? await gracefulShutdown()
        isOver.store(true, ordering: .releasing)
    }
}
