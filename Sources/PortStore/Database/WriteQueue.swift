/// Whose turn it is to write next, among the processes that have a database open. SQLite's own lock goes to whoever
/// asks at the right moment, which is most often the one that has just given it back: on a busy machine one that never
/// pauses kept others waiting until they gave up. Here the next one waits alone, and the last one must queue up behind.
///
/// Only an order: what keeps writers apart is SQLite's lock.
package protocol WriteQueue: Sendable {
    /// Waits for the turn, though not forever: a process may have been stopped in its own.
    func acquire()

    /// To be called as soon as SQLite's lock was got, or was not.
    func release()
}
