package import PortModel

extension Registry {
    /// Subscribes to what changes from now on, by whoever it is. Waits until the feed runs; see
    /// ``runChangeFeed(onFailure:)``. Throws `storage_failed`, and `system_unavailable` when the feed has stopped.
    package func changes() async throws(RegistryError) -> Changes { try await changeFeed.subscribe() }

    /// Whether somebody has subscribed to changes. Without subscribers, nothing is read for them.
    package var hasSubscribers: Bool { changeFeed.hasSubscribers }

    /// Feeds the subscribers until ``stopChangeFeed()``. One task runs it, as long as the process lives. `onFailure`
    /// gets the first of several failures in a row to read the journal.
    package func runChangeFeed(onFailure: @Sendable (RegistryError) -> Void) async {
        await changeFeed.run(self, onFailure: onFailure)
    }

    /// Ends ``runChangeFeed(onFailure:)`` and every sequence of changes.
    package func stopChangeFeed() { changeFeed.stop() }
}
