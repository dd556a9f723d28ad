import Logging
import PortRegistry
import ServiceLifecycle

/// Feeds everybody in the daemon who has subscribed to the registry's changes.
struct ChangeFeedService: Service, CustomStringConvertible {
    /// ServiceGroup logs services by description; without one it reflects over every property.
    let description = "ChangeFeedService"

    let registry: Registry
    let logger: Logger

    func run() async throws {
        await withGracefulShutdownHandler {
            await registry.runChangeFeed { error in
                logger.error("cannot read events", metadata: ["error": "\(error)"])
            }
        } onGracefulShutdown: {
            registry.stopChangeFeed()
        }
    }
}
