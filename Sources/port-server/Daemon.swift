import Logging
import PortAPI
import PortHome
import PortModel
import PortRegistry
import PortServer
import PortStore
import PortSystem
import ServiceLifecycle
import UnixSignals

/// The composition: machine, store, rules and HTTP put together, and run until a signal.
struct Daemon {
    let home: HomeFolder
    let settings: DaemonSettings

    /// All of a graceful shutdown; portctl stop waits 5 seconds.
    private static let shutdownLimit = Duration.seconds(3)

    func run() async throws {
        var logger = Logger(label: "port-server") { _ in LineLogHandler() }
        logger.logLevel = settings.logLevel

        let path = try databasePath()
        let rescue = DatabaseRescue(path: path, isOurs: path == home.databasePath)
        if let report = try rescue.runIfNeeded() { logger.error("\(report)") }
        let store = try SQLiteStore(path: path)
        let watcher = try ProcessWatcher()
        let events = EventFeed()
        let alarm = Alarm(watcher: watcher, sweepInterval: settings.sweepInterval)
        let registry = Registry(
            store: store,
            machine: WatchedMachine(watcher: watcher, alarm: alarm),
            settings: settings.registry.registrySettings(),
            onDeadline: alarm.expect,
            onCommit: events.committed
        )
        // Owners that died while no daemon ran have lost their ports before anybody is answered.
        if let next = try await registry.tidy() { alarm.expect(next) }
        let listeners = Listeners(addresses: settings.addresses.map(\.address)) {
            // The log shows by it that what failed before is over.
            try? CurrentProcess.write("port-server: ready (pid \(CurrentProcess.pid))\n", to: 2)
            CurrentProcess.tellStarter("ready")
        }
        let responder = buildResponder(
            ServerDependencies(
                registry: registry,
                events: events,
                peers: KernelPeers(),
                userID: PeerOwner.currentUserID,
                token: try Token.read(from: home),
                status: status(registry: registry, schema: try store.schemaVersion(), listeners: listeners)
            )
        )
        let socketPath = home.socketPath
        var services: [any Service] = [
            HoldKeeper(registry: registry, alarm: alarm, logger: logger),
            PortWatcher(registry: registry, alarm: alarm, events: events, logger: logger),
            SocketListener(
                path: socketPath,
                responder: responder,
                listeners: listeners,
                secure: { try CurrentProcess.closeToOthers(socketPath) },
                logger: logger
            ),
        ]
        for (address, isRequired) in settings.addresses {
            services.append(
                FrontDoor(
                    address: address,
                    isRequired: isRequired,
                    responder: responder,
                    listeners: listeners,
                    addressInUse: CurrentProcess.addressInUse,
                    logger: logger
                )
            )
        }
        // Shut down first, being last: listeners wait for their connections, and streams end only by this.
        services.append(EventFeed.Runner(feed: events, registry: registry, logger: logger))
        try PrivateFile.refuseStrangeSocket(at: socketPath)
        try PrivateFile.replace(settings.pidFilePath, with: "\(CurrentProcess.pid)\n")
        defer { PrivateFile.remove(settings.pidFilePath) }
        var configuration = ServiceGroupConfiguration(
            // One that fails or ends stops the daemon, the others in good order.
            services: services.map {
                ServiceGroupConfiguration.ServiceConfiguration(
                    service: $0,
                    failureTerminationBehavior: .gracefullyShutdownGroup
                )
            },
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: quiet(logger)
        )
        configuration.maximumGracefulShutdownDuration = Self.shutdownLimit
        try await ServiceGroup(configuration: configuration).run()
        PrivateFile.remove(socketPath)
    }

    /// The life cycle's own messages are of interest only when something is wrong.
    private func quiet(_ logger: Logger) -> Logger {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        return quiet
    }

    private func databasePath() throws -> String {
        let path = settings.registry.databasePath
        do {
            try PrivateFile.refuseStrangeFile(at: path)
        } catch {
            throw RegistryError(
                .hostileFile,
                "the database \(path) cannot be used: it is no file of yours",
                subject: path,
                hint: "name another with --db"
            )
        }
        return path
    }

    private func status(
        registry: Registry,
        schema: String,
        listeners: Listeners
    ) -> @Sendable () async throws -> StatusBody {
        let started = ContinuousClock.now
        let home = home
        let database = settings.registry.databasePath
        return {
            StatusBody(
                version: BuildInformation.version,
                commit: BuildInformation.commit,
                buildDate: BuildInformation.buildDate,
                pid: CurrentProcess.pid,
                uptimeSeconds: Int(started.duration(to: .now).components.seconds),
                home: home.path,
                socket: home.socketPath,
                database: database,
                schema: schema,
                allocations: try await registry.allocationCount(),
                listeners: listeners.status
            )
        }
    }
}
