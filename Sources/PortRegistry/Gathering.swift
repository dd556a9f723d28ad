package import Dispatch

/// How long the next group waits for requests. Those who were just answered most likely ask again: with them, one look
/// at the machine and one sync of the log are for all.
package struct Gathering: Sendable {
    /// How many there will be with them; 0 when requests come one at a time.
    package let expected: Int
    private let deadline: DispatchTime

    /// In nanoseconds: longer than a group takes on a healthy disk.
    package static let maximum: UInt64 = 2_000_000

    /// Nobody is expected.
    package init() {
        expected = 0
        deadline = .now()
    }

    /// After a group of `answered` requests, while `waiting` others had come already. Its next one is not kept waiting
    /// for longer than it took.
    package init(answered: Int, waiting: Int, begin: DispatchTime, end: DispatchTime) {
        expected = answered > 1 ? answered + waiting : 0
        let patience = min(end.uptimeNanoseconds - begin.uptimeNanoseconds, Self.maximum)
        deadline = DispatchTime(uptimeNanoseconds: end.uptimeNanoseconds + patience)
    }

    /// Until when `count` requests wait for more; `nil` when they do not.
    package func deadline(for count: Int, at now: DispatchTime) -> DispatchTime? {
        count < expected && now < deadline ? deadline : nil
    }
}
