/// Runs `body` on the global executor, whatever executor the task prefers. For work that takes longer the larger the
/// registry is, in a task that prefers an event loop: other connections would wait for it.
func onGlobalExecutor<Value, Failure>(
    _ body: () async throws(Failure) -> Value
) async throws(Failure) -> Value {
    try await withTaskExecutorPreference(globalConcurrentExecutor) { () async throws(Failure) -> Value in
        // The preference takes effect when the task resumes.
        await Task.yield()
        return try await body()
    }
}
