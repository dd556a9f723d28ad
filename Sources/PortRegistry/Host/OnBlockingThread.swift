/// Runs `body`, which blocks its thread, on one of a few threads made for that, and returns its result. Tasks have no
/// more threads than the processor has cores: two blocked ones would stop every task of a small machine.
package func onBlockingThread<Value: Sendable, Failure: Error>(
    _ body: @escaping @Sendable () throws(Failure) -> Value
) async throws(Failure) -> Value {
    let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
        BlockingThreads.shared.run {
            let result: Result<Value, Failure>
            do throws(Failure) { result = .success(try body()) } catch { result = .failure(error) }
            continuation.resume(returning: result)
        }
    }
    return try result.get()
}
