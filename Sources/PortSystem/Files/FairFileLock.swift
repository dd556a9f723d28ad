import Libc

/// An order among processes: whoever has the lock, an flock(2) on a file that all of them know, is next. A process that
/// ends loses it.
package final class FairFileLock: Sendable {
    private let descriptor: FileDescriptor

    /// Between two attempts, in microseconds. What others do in their turn takes about a millisecond.
    private static let pause: UInt32 = 500
    /// How often the turn is asked for: some two seconds. Then a process that was stopped in its own is passed by.
    private static let attempts = 4000

    /// `nil` when the file cannot be opened.
    package init?(path: String) {
        let number = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard number >= 0 else { return nil }
        descriptor = FileDescriptor(owning: number)
    }

    /// Waits for the turn, for some two seconds at most.
    package func acquire() {
        for _ in 0..<Self.attempts {
            guard flock(descriptor.number, LOCK_EX | LOCK_NB) != 0 else { return }
            // Anything else than another one's turn: the file system has no such locks, and there is no order.
            guard errno == EWOULDBLOCK || errno == EINTR else { return }
            usleep(Self.pause)
        }
    }

    /// Lets the next one have it.
    package func release() {
        flock(descriptor.number, LOCK_UN)
    }
}
