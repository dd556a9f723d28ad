import PortClient

/// The daemon's events across reconnections. After the first event, each connection resumes after the last one.
struct EventSource: ~Copyable {
    let client: PortClient
    private var stream: EventStream?
    /// The id to resume after.
    private var lastID: String?
    private var hasReceivedEvents = false

    init(client: PortClient) { self.client = client }

    /// Waits for the next event and returns it; `nil` when the daemon cannot be reached. Throws ``Failure`` when the
    /// daemon refuses the first connection; later refusals count as temporary.
    mutating func next() throws -> EventStream.Event? {
        // The daemon cuts off a stream whose reader is too slow, so connect again once before reporting a loss.
        for _ in 0..<2 {
            do throws(ClientError) {
                if stream == nil { stream = try client.events(since: lastID) }
                if let event = try stream!.next() {
                    hasReceivedEvents = true
                    lastID = event.id ?? lastID
                    return event
                }
            } catch {
                // The daemon is stopping, or serves its maximum number of readers.
                if case .refused = error, !hasReceivedEvents { throw Failure(error) }
            }
            stream = nil
        }
        return nil
    }
}
