#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Whose turn it is to write next, among the processes that have a database open. SQLite's own lock goes to whoever
/// asks at the right moment, which is most often the one that has just given it back: on a busy machine one that never
/// pauses kept others waiting until they gave up. Here the next one waits alone, and the last one must queue up behind.
///
/// Only an order: what keeps writers apart is SQLite's lock.
struct WriteTurn: ~Copyable, Sendable {
    /// Of the database's log, on which SQLite itself has no locks; -1 when it could not be opened.
    private let descriptor: Int32

    /// Between two attempts, in microseconds. Another process's group commit takes about a millisecond on a healthy
    /// disk. SQLite's own waiting backs off to 100 ms.
    static let pause: UInt32 = 500

    /// How often the turn is asked for: two seconds, after which a process that was stopped in its turn is passed by.
    private static let attempts = 4000

    /// `database` is a path, and its log is there.
    init(database: String) {
        descriptor = open("\(database)-wal", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Waits for the turn.
    func take() {
        guard descriptor >= 0 else { return }
        for _ in 0..<Self.attempts {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
            usleep(Self.pause)
        }
    }

    /// To be called as soon as SQLite's lock was got, or was not.
    func pass() {
        if descriptor >= 0 { flock(descriptor, LOCK_UN) }
    }
}
