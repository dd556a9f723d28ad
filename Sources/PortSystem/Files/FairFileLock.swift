import Libc

/// Fair queue between processes that write to one file: the holder of this flock(2) writes next. The kernel releases it
/// when its holder exits.
package final class FairFileLock: Sendable {
    private let descriptor: FileDescriptor

    /// Microseconds between two attempts. A holder keeps the lock for about a millisecond.
    private static let interval: UInt32 = 500
    /// The maximum number of attempts, which take about two seconds. A holder that was stopped must not block others
    /// for longer.
    private static let maximumAttempts = 4000

    /// Opens the file at `path`; `nil` when it cannot be opened.
    package init?(path: String) {
        let number = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard number >= 0 else { return nil }
        descriptor = FileDescriptor(owning: number)
    }

    /// Waits for the lock, and returns without it after about two seconds: the lock orders writers, it does not protect
    /// the file.
    package func acquire() {
        for _ in 0..<Self.maximumAttempts {
            guard flock(descriptor.number, LOCK_EX | LOCK_NB) != 0 else { return }
            // Any other error means that the file system does not support locks: continue without an order.
            guard errno == EWOULDBLOCK || errno == EINTR else { return }
            usleep(Self.interval)
        }
    }

    /// Releases the lock to the next process.
    package func release() {
        flock(descriptor.number, LOCK_UN)
    }
}
