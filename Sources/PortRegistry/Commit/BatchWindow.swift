import Dispatch

/// Decides whether the next group waits for more requests. Clients that were just answered most likely send their next
/// request at once; if the group waits for them, one snapshot of the sockets and one sync of the log serve all.
struct BatchWindow {
    /// The number of requests that the next group most likely has; 0 when requests come one at a time.
    let expected: Int
    private let end: DispatchTime

    /// Creates a window that expects no further requests.
    init() {
        expected = 0
        end = .now()
    }

    /// Creates the window after a group of `answered` requests, while `waiting` others had arrived already.
    init(answered: Int, waiting: Int, until end: DispatchTime) {
        expected = answered > 1 ? answered + waiting : 0
        self.end = end
    }

    /// Returns when a group of `count` requests stops waiting for more; `nil` when it does not wait.
    func deadline(for count: Int, at now: DispatchTime) -> DispatchTime? {
        count < expected && now < end ? end : nil
    }
}
