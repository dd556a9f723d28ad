import Dispatch

/// Blocks threads until it is opened. Opening it lets one thread pass, now or later.
package final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    package init() {}

    /// Blocks the thread until ``open()`` was called for it.
    package func wait() { semaphore.wait() }

    package func open() { semaphore.signal() }
}
