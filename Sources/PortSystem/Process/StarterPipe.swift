import Libc
import Synchronization

/// The pipe on which the process that started this daemon waits for its outcome.
package enum StarterPipe {
    /// Whether a starter waits. Call it first before there are threads: it removes the variable
    /// ``DetachedProcess/readinessVariable`` from the environment.
    package static var isOpen: Bool { descriptor.withLock { $0 != nil } }

    /// Writes one line to the starter, once, and closes the pipe. Does nothing without a starter.
    package static func report(_ line: String) {
        guard let number = descriptor.withLock({ $0.take() }) else { return }
        let descriptor = FileDescriptor(owning: number)
        // A starter that has exited needs no answer.
        try? StandardStreams.write(line + "\n", to: descriptor.number)
    }

    /// The write end, until the outcome was reported.
    private static let descriptor = Mutex<Int32?>(
        {
            defer { unsetenv(DetachedProcess.readinessVariable) }
            return Environment.value(DetachedProcess.readinessVariable).flatMap { Int32($0) }
        }()
    )
}
