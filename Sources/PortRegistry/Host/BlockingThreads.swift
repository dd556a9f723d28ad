import Dispatch
import Synchronization

/// A few threads for work that blocks. Further work waits in a queue until one of them is idle.
final class BlockingThreads: Sendable {
    typealias Work = @Sendable () -> Void

    /// The threads that all registries of this process share. The walk through processes runs under one lock, so more
    /// threads would only wait for it; reading the sockets alone should not.
    static let shared = BlockingThreads(count: 4)

    private struct State {
        /// Serial queues that have no work. Dispatch gives such a queue a thread at once, however many are blocked;
        /// work on its global queue would wait for one of those.
        var idle: [DispatchQueue]
        var waiting: [Work] = []
    }

    private let state: Mutex<State>

    init(count: Int) {
        state = Mutex(State(idle: (0..<count).map { DispatchQueue(label: "portctl.blocking.\($0)") }))
    }

    /// Runs `work` on one of the threads.
    func run(_ work: @escaping Work) {
        let thread = state.withLock { state in
            if state.idle.isEmpty { state.waiting.append(work) }
            return state.idle.popLast()
        }
        guard let thread else { return }
        thread.async {
            var next: Work? = work
            while let work = next {
                work()
                next = self.state.withLock { state in
                    guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
                    state.idle.append(thread)
                    return nil
                }
            }
        }
    }
}
