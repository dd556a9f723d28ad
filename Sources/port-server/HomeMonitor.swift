import Logging
import PortSystem
import Synchronization

/// Ends a daemon whose home was removed or moved away: nobody could reach it or stop it any more, and it would keep its
/// address from the next one.
final class HomeMonitor: Sendable {
    private let home: HomeDirectory
    private let own: PrivateFile.Identity?
    private let logger: Logger
    private let missedSince = Mutex<ContinuousClock.Instant?>(nil)

    /// For a home that is put back at once, as by a restored backup.
    private static let patience = Duration.seconds(1)

    init(home: HomeDirectory, logger: Logger) {
        self.home = home
        self.logger = logger
        own = PrivateFile.Identity(path: home.path)
    }

    /// Ends the daemon when the home has been another one, or none, for a second. To be called again and again.
    func check() {
        guard let own else { return }
        let now = ContinuousClock.now
        let since: ContinuousClock.Instant? = missedSince.withLock { since in
            since = PrivateFile.Identity(path: home.path) == own ? nil : since ?? now
            return since
        }
        guard let since, now - since >= Self.patience else { return }
        logger.error("the home was removed or moved away: this daemon ends", metadata: ["home": "\(home.path)"])
        // In no good order: that would remove the socket of the daemon whose home is there by now.
        CurrentProcess.exit(1)
    }
}
