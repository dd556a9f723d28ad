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
    private let end: @Sendable () -> Void
    /// When the home was first found missing or replaced; `nil` while it is in place.
    private let missingSince = Mutex<ContinuousClock.Instant?>(nil)

    /// How long the home may be missing, as while a backup is restored.
    private static let gracePeriod = Duration.seconds(1)

    /// `end` ends the process. It is not a graceful shutdown, which would remove the socket of the daemon that has its
    /// home at this path by now.
    init(
        home: HomeDirectory,
        logger: Logger,
        end: @escaping @Sendable () -> Void = { CurrentProcess.exit(1) }
    ) {
        self.home = home
        self.logger = logger
        self.end = end
        identity = PrivateFile.Identity(path: home.path)
    }

    /// Ends the daemon when the home has been missing or replaced for ``gracePeriod``. Call this repeatedly.
    func check(at now: ContinuousClock.Instant = .now) {
        guard let identity else { return }
        let since: ContinuousClock.Instant? = missingSince.withLock { since in
            since = PrivateFile.Identity(path: home.path) == identity ? nil : since ?? now
            return since
        }
        guard let since, now - since >= Self.gracePeriod else { return }
        logger.error("the home was removed or moved away: this daemon exits", metadata: ["home": "\(home.path)"])
        end()
    }
}
