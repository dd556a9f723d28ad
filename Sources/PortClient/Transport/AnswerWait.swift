import PortAPI
import PortModel
import PortSystem

/// Waits for a home's daemon to answer, and finds out whether a silent one hangs.
///
/// It hangs if it is stopped, or if it has neither answered a second request, for its health, nor used the processor
/// nor waited for the disk meanwhile. A daemon that is merely slow, because the machine is busy, is waited for.
struct AnswerWait {
    let home: HomeDirectory

    /// Milliseconds. A daemon that is not overloaded answers within a few; with two such times, the proof takes less
    /// than two seconds.
    private static let interval: Int32 = 900
    /// The longest wait for a daemon that is busy. Then the time-out of the connection counts.
    private static let limit = Duration.seconds(9)

    /// Returns when `socket` can be read, or when nothing proves that the daemon hangs. Throws ``ClientError/hangs``.
    func wait(for socket: borrowing StreamSocket) throws(ClientError) {
        let deadline = ContinuousClock.now + Self.limit
        guard !socket.isReadable(within: Self.interval), let pid = socket.peer?.pid,
            var before = ProcessActivity(pid: pid)
        else { return }
        while true {
            guard !before.isStopped else { throw .hangs(home, pid: pid, isStopped: true) }
            if isHealthy() || socket.isReadable(within: 0) || ContinuousClock.now > deadline { return }
            guard let after = ProcessActivity(pid: pid) else { return }
            let isIdle =
                !before.isRunnable && !after.isRunnable && before.processorTime == after.processorTime
                && !after.isStopped
            guard !isIdle else { throw .hangs(home, pid: pid, isStopped: false) }
            before = after
        }
    }

    /// Whether the daemon answers a request for its health, which needs neither a transaction nor the kernel's tables.
    private func isHealthy() -> Bool {
        do {
            let socket = try StreamSocket.connect(path: home.socketPath, timeout: .seconds(1))
            let health = Endpoints.Daemon.health
            let head = HTTPExchange.head(
                health.method.rawValue,
                health.path.filled(),
                host: ServerAddress.home(home).host,
                token: nil
            )
            try socket.send(Array((head + "\r\n").utf8))
            return socket.isReadable(within: Self.interval)
        } catch {
            return false
        }
    }
}
