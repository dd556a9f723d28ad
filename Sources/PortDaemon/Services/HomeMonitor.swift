import Logging
import PortSystem
import Synchronization

/// Ends the daemon when its home was removed or moved away. No client could reach or stop it any more, and it would
/// occupy the address that the next daemon needs.
final class HomeMonitor: Sendable {
    private let home: HomeDirectory
    /// The home at the start; `nil` when it could not be read.
    private let identity: PrivateFile.Identity?
    private let logger: Logger
    /// When the home was first found missing or replaced; `nil` while it is in place.
    private let missingSince = Mutex<ContinuousClock.Instant?>(nil)

    /// How long the home may be missing, as while a backup is restored.
    private static let gracePeriod = Duration.seconds(1)

    init(home: HomeDirectory, logger: Logger) {
        self.home = home
        self.logger = logger
        identity = PrivateFile.Identity(path: home.path)
    }

    /// Ends the daemon when the home has been missing or replaced for ``gracePeriod``. Call this repeatedly.
    func check() {
        guard let identity else { return }
        let now = ContinuousClock.now
        let since: ContinuousClock.Instant? = missingSince.withLock { since in
            since = PrivateFile.Identity(path: home.path) == identity ? nil : since ?? now
            return since
        }
        guard let since, now - since >= Self.gracePeriod else { return }
        logger.error("the home was removed or moved away: this daemon exits", metadata: ["home": "\(home.path)"])
        // Not a graceful shutdown: that would remove the socket of the daemon that has its home at this path by now.
        CurrentProcess.exit(1)
    }
}
