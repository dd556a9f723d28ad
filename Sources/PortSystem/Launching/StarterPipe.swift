import Libc
import Synchronization

/// The pipe on which this daemon reports to the process that started it whether the start succeeded; see
/// ``DetachedProcess``.
package enum StarterPipe {
    /// Whether a process waits for the report. The first call must happen while the process has one thread, because it
    /// removes ``DetachedProcess/readinessVariable`` from the environment.
    package static var isOpen: Bool { descriptor.withLock { $0 != nil } }

    /// Writes one line and closes the pipe. Later calls, and calls without a pipe, have no effect.
    package static func report(_ line: String) {
        guard let number = descriptor.withLock({ $0.take() }) else { return }
        let descriptor = FileDescriptor(owning: number)
        // The process that waited may have exited.
        try? StandardStreams.write(line + "\n", to: descriptor.number)
    }

    /// The write end of the pipe, until the report is written.
    private static let descriptor = Mutex<Int32?>(
        {
            defer { unsetenv(DetachedProcess.readinessVariable) }
            return Environment.value(DetachedProcess.readinessVariable).flatMap { Int32($0) }
        }()
    )
}
