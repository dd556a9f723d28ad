import PortAPI
import PortClient

/// The allocations for `portctl dashboard --watch`, loaded again after each batch of events.
struct LiveAllocations: ~Copyable {
    enum State {
        case current([AllocationBody])
        /// The daemon does not respond; the text gives the reason.
        case lost(String)
    }

    private(set) var state: State
    private let client: PortClient
    private var stream: EventStream?

    /// Opens the event stream. If that fails, ``refresh()`` tries again.
    init(client: PortClient, _ allocations: [AllocationBody]) {
        self.client = client
        state = .current(allocations)
        stream = try? client.events()
    }

    /// Whether the event stream is open.
    var isConnected: Bool { stream != nil }

    /// Reads the events that have arrived, and loads the allocations if there are any. Opens the stream if it is not
    /// open. Returns whether ``state`` is new.
    mutating func refresh() -> Bool {
        do throws(ClientError) {
            if stream == nil {
                stream = try client.events()
            } else {
                guard stream!.isReadable(within: 0) else { return false }
                guard let events = try stream!.available() else { throw .closed(client.address) }
                guard !events.isEmpty else { return false }
            }
            state = .current(try client.allocations.list(AllocationQuery(wide: true)))
        } catch {
            stream = nil
            state = .lost(error.message)
        }
        return true
    }
}
