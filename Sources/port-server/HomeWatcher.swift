import Logging
import PortSystem
import ServiceLifecycle

/// Ends a daemon whose home was removed or moved away: nobody could reach it or stop it any more, and it would keep its
/// address from the next one.
struct HomeWatcher: Service, CustomStringConvertible {
    /// As ``HoldKeeper/description``.
    let description = "HomeWatcher"

    let home: HomeFolder
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown { await watch() }
    }

    private func watch() async {
        guard let own = PrivateFile.Identity(path: home.path) else { return }
        var misses = 0
        while (try? await Task.sleep(for: .seconds(1), tolerance: .milliseconds(500), clock: .suspending)) != nil {
            misses = PrivateFile.Identity(path: home.path) == own ? 0 : misses + 1
            guard misses >= 2 else { continue }
            logger.error("the home was removed or moved away: this daemon ends", metadata: ["home": "\(home.path)"])
            // In no good order: that would remove the socket of the daemon whose home is there by now.
            CurrentProcess.exit(1)
        }
    }
}
