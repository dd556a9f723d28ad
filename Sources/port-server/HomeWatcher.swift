import Logging
import PortSystem
import Synchronization

/// Ends a daemon whose home was removed or moved away: nobody could reach it or stop it any more, and it would keep its
/// address from the next one.
final class HomeWatcher: Sendable {
    private let home: HomeFolder
    private let own: PrivateFile.Identity?
    private let logger: Logger
    private let misses = Atomic(0)

    init(home: HomeFolder, logger: Logger) {
        self.home = home
        self.logger = logger
        own = PrivateFile.Identity(path: home.path)
    }

    /// Ends the daemon when the home is another one, or none, for the second time in turn.
    func check() {
        guard let own else { return }
        guard PrivateFile.Identity(path: home.path) != own else {
            misses.store(0, ordering: .relaxed)
            return
        }
        guard misses.add(1, ordering: .relaxed).newValue >= 2 else { return }
        logger.error("the home was removed or moved away: this daemon ends", metadata: ["home": "\(home.path)"])
        // In no good order: that would remove the socket of the daemon whose home is there by now.
        CurrentProcess.exit(1)
    }
}
