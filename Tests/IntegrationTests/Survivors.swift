import PortTestSupport

/// Processes of which all but one are expected to exit.
final class Survivors: Sendable {
    private let processes: [ChildProcess]

    init(_ processes: [ChildProcess]) { self.processes = processes }

    /// The pids of those that still run.
    var pids: [Int32] { processes.filter(\.isRunning).map(\.pid) }

    /// The index of the first process that has exited; 0 when all run.
    var firstEnded: Int { processes.firstIndex { !$0.isRunning } ?? 0 }

    func waitForAll() { for process in processes { process.wait() } }

    /// Kills those that still run.
    func end() { for process in processes where process.isRunning { process.end() } }
}
