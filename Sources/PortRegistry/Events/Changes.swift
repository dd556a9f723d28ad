/// The changes of the registry since a subscriber began, oldest first: those of this process and of others.
///
/// A subscriber that reads too slowly receives ``Change/reset`` and goes on with the newest; it delays nobody. The
/// sequence ends when the daemon stops, when its task is cancelled, and with ``cancel()``. One task at a time iterates
/// over it. A sequence that nobody refers to any more is no subscriber.
package struct Changes: AsyncSequence, Sendable {
    /// One change, or the notice that some are missing.
    package typealias Element = Change
    /// A failure to read is not the end: ``Change/reset`` follows it, and another when the journal can be read again.
    package typealias Failure = Never

    private let subscription: ChangeSubscription

    init(_ subscription: ChangeSubscription) { self.subscription = subscription }

    /// Returns an iterator that begins with what nobody has taken from the sequence.
    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(subscription) }

    /// Puts a ``Change/mark`` into the sequence, after the changes of everything that has been committed.
    package func mark() { subscription.mark() }

    /// Ends the sequence, also for a task that waits for the next change.
    package func cancel() { subscription.cancel() }

    /// Reads the changes one by one, or as many as there are.
    package struct AsyncIterator: AsyncIteratorProtocol {
        private let subscription: ChangeSubscription
        private var batch: ArraySlice<Change> = []

        init(_ subscription: ChangeSubscription) { self.subscription = subscription }

        /// Returns the next change; `nil` at the end.
        package mutating func next(isolation actor: isolated (any Actor)? = #isolation) async -> Change? {
            if batch.isEmpty { batch = (await subscription.next() ?? [])[...] }
            return batch.popFirst()
        }

        /// Returns the changes that wait, at least one and at most ``ChangeFeed/maximumBatch``; `nil` at the end. Marks
        /// and events are not in one batch.
        package mutating func nextBatch() async -> [Change]? {
            guard batch.isEmpty else {
                defer { batch = [] }
                return Array(batch)
            }
            return await subscription.next()
        }
    }
}
