import PortAPI
import PortSystem

/// The one rule for when a request is sent again, and for who starts the daemon that it needs.
struct Repetition {
    /// What to do when the daemon is missing, starting or stopping.
    let policy: DaemonPolicy
    /// The address that requests go to, for the error.
    let address: ServerAddress
    /// Looks after the daemon of a home.
    let launcher: (HomeDirectory) -> any DaemonLaunching

    /// More than two, since several daemons in a row may be stopping when they receive the request.
    static let maximumAttempts = 5

    /// Calls `request` until a daemon has answered it. Repeats it only when that is safe: nothing listened, the daemon
    /// did not read it, or it changes nothing; see ``ClientError/homeForRetry(_:)``. Throws the last error.
    func run<Answer>(
        _ method: EndpointMethod,
        _ request: () throws(ClientError) -> Answer
    ) throws(ClientError) -> Answer {
        var attemptsLeft = Self.maximumAttempts
        while true {
            do throws(ClientError) {
                return try request()
            } catch {
                attemptsLeft -= 1
                guard attemptsLeft > 0, let home = error.homeForRetry(method) else { throw error }
                try awaitDaemon(of: home, after: error)
            }
        }
    }

    /// Returns when a daemon responds.
    private func awaitDaemon(of home: HomeDirectory, after error: ClientError) throws(ClientError) {
        switch policy {
        case .fail: throw error
        case .wait:
            guard try launcher(home).isRunning() else { throw .notRunning(address) }
        case .start(let report):
            if case .givesWay(_, let reason) = error { report(.daemonGivesWay(reason)) }
            if case .started(let pid) = try launcher(home).start() { report(.daemonStarted(home, pid: pid)) }
        }
    }
}

/// Looks after the daemon of one home.
protocol DaemonLaunching {
    /// Whether a daemon responds; waits for one that is starting or stopping. Throws ``ClientError``.
    func isRunning() throws(ClientError) -> Bool

    /// Starts a daemon unless one responds. Throws ``ClientError``.
    func start() throws(ClientError) -> DaemonLauncher.Start
}

extension DaemonLauncher: DaemonLaunching {}
