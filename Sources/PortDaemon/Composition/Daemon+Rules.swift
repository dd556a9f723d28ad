import PortHost
import PortRegistry
import PortStore
import PortSystem

extension Daemon {
    /// The registry, and what makes it prompt while there are no requests.
    struct Rules {
        let registry: Registry
        let expiry: HoldExpiryService
        let conflictMonitor: ConflictMonitor
    }

    /// Composes the registry over the store and this machine. Throws ``SystemError`` when the kernel cannot report the
    /// exits of processes.
    func rules(over store: SQLiteStore) throws -> Rules {
        let watcher = try ProcessWatcher()
        let timer = ExpiryTimer(watcher: watcher, sweepInterval: settings.sweepInterval)
        let registry = Registry(
            store: store,
            machine: WatchedMachine(watcher: watcher, expiryTimer: timer),
            settings: settings.registry.registrySettings(),
            onDeadline: timer.schedule
        )
        return Rules(
            registry: registry,
            expiry: HoldExpiryService(registry: registry, expiryTimer: timer, logger: logger),
            conflictMonitor: ConflictMonitor(registry: registry, expiryTimer: timer, logger: logger)
        )
    }
}
