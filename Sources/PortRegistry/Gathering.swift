internal import Dispatch

/// Whether the next group waits for requests. Those who were just answered most likely ask again: with them, one look
/// at the machine and one sync of the log are for all.
struct Gathering {
    /// How many there will be with them; 0 when requests come one at a time.
    let expected: Int
    private let end: DispatchTime

    /// Nobody is expected.
    init() {
        expected = 0
        end = .now()
    }

    /// After a group of `answered` requests, while `waiting` others had come already.
    init(answered: Int, waiting: Int, until end: DispatchTime) {
        expected = answered > 1 ? answered + waiting : 0
        self.end = end
    }

    /// Until when `count` requests wait for more; `nil` when they do not.
    func deadline(for count: Int, at now: DispatchTime) -> DispatchTime? {
        count < expected && now < end ? end : nil
    }
}
