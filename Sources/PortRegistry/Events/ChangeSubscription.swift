/// The place of one subscriber in the feed. It leaves the feed when nobody refers to it any more.
final class ChangeSubscription: Sendable {
    private let feed: ChangeFeed
    private let number: Int

    init(feed: ChangeFeed, number: Int) {
        self.feed = feed
        self.number = number
    }

    deinit { feed.unsubscribe(number) }

    func mark() { feed.mark(number) }

    func cancel() { feed.unsubscribe(number) }

    /// Returns the changes that wait, and waits for one if needed; `nil` when the subscription has ended.
    func next() async -> [Change]? {
        await withTaskCancellationHandler {
            await feed.next(for: number)
        } onCancel: {
            feed.unsubscribe(number)
        }
    }
}
