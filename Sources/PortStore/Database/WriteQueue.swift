/// A fair queue between the processes that write to one database.
///
/// SQLite's own lock is not fair: the process that has just released it usually gets it again, and on a busy machine
/// others waited behind a constant writer until they gave up. With the queue, only the next writer waits for SQLite's
/// lock, and the last one queues up behind the others. The queue only orders writers; SQLite's lock excludes them.
package protocol WriteQueue: Sendable {
    /// Waits until this process is next. Returns after a limited time even if it is not, because the process that is
    /// next may have been stopped.
    func acquire()

    /// Lets the next process in. Call this as soon as SQLite's lock has been acquired, or could not be.
    func release()
}
