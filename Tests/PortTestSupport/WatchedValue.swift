import Dispatch
import Synchronization

/// A value that a test can wait for instead of reading it in a loop.
package final class WatchedValue<Value: Sendable>: Sendable {
    private struct Waiter: Sendable {
        let id: Int
        let condition: @Sendable (Value) -> Bool
        let resume: @Sendable (Result<Void, CancellationError>) -> Void
    }

    private struct State: Sendable {
        var value: Value
        var waiters: [Waiter] = []
        var nextID = 0

        mutating func addWaiter(
            id: Int,
            _ condition: @escaping @Sendable (Value) -> Bool,
            _ resume: @escaping @Sendable (Result<Void, CancellationError>) -> Void
        ) {
            waiters.append(Waiter(id: id, condition: condition, resume: resume))
        }

        mutating func newID() -> Int {
            nextID += 1
            return nextID
        }
    }

    private let state: Mutex<State>

    package init(_ value: Value) { state = Mutex(State(value: value)) }

    /// The value now.
    package var current: Value { state.withLock { $0.value } }

    /// Runs `body` on the value, and resumes those that waited for what it has become.
    @discardableResult
    package func withLock<Result: Sendable>(_ body: @Sendable (inout Value) -> Result) -> Result {
        let (result, satisfied) = state.withLock { state in
            let result = body(&state.value)
            let satisfied = state.waiters.filter { $0.condition(state.value) }
            if !satisfied.isEmpty { state.waiters.removeAll { waiter in satisfied.contains { $0.id == waiter.id } } }
            return (result, satisfied)
        }
        for waiter in satisfied { waiter.resume(.success(())) }
        return result
    }

    /// Suspends the task until the value meets `condition`. Throws `CancellationError` when the task is cancelled.
    package func wait(until condition: @escaping @Sendable (Value) -> Bool) async throws {
        let id = state.withLock { $0.newID() }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let known: Result<Void, CancellationError>? = state.withLock { state in
                    // A cancellation after this point finds the waiter.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if condition(state.value) { return .success(()) }
                    state.addWaiter(id: id, condition) { continuation.resume(with: $0) }
                    return nil
                }
                if let known { continuation.resume(with: known) }
            }
        } onCancel: {
            let waiter = state.withLock { state -> Waiter? in
                let index = state.waiters.firstIndex { $0.id == id }
                return index.map { state.waiters.remove(at: $0) }
            }
            waiter?.resume(.failure(CancellationError()))
        }
    }

    /// Blocks the thread until the value meets `condition`.
    package func blockingWait(until condition: @escaping @Sendable (Value) -> Bool) {
        let end = DispatchSemaphore(value: 0)
        let isMet = state.withLock { state in
            if condition(state.value) { return true }
            state.addWaiter(id: state.newID(), condition) { _ in end.signal() }
            return false
        }
        if !isMet { end.wait() }
    }
}
