import Logging
import PortAPI
import PortHost
import PortModel
import PortRegistry
import PortHTTP
import PortStore
import PortSystem
import ServiceLifecycle
import Synchronization
import UnixSignals

/// The composition: machine, store, rules and HTTP put together, and run until a signal.
struct Daemon {
    let home: HomeDirectory
    let settings: DaemonSettings

    /// All of a graceful shutdown; portctl stop waits 5 seconds.
    private static let shutdownLimit = Duration.seconds(3)

    func run() async throws {
        var logger = Logger(label: "port-server") { _ in LineLogHandler() }
        logger.logLevel = settings.logLevel

        let path = try databasePath()
        let recovery = DatabaseRecovery(path: path, isOurs: path == home.databasePath)
        if let report = try recovery.recoverIfNeeded() { logger.error("\(report)") }
        let store = try SQLiteStore(sharedAt: path)
        let watcher = try ProcessWatcher()
        let events = EventFeed()
        let expiryTimer = ExpiryTimer(watcher: watcher, sweepInterval: settings.sweepInterval)
        let registry = Registry(
            store: store,
            machine: WatchedMachine(watcher: watcher, expiryTimer: expiryTimer),
            settings: settings.registry.registrySettings(),
            onDeadline: expiryTimer.schedule,
            onCommit: events.committed
        )
        // Owners that died while no daemon ran have lost their ports before anybody is answered.
        let expiryService = HoldExpiryService(registry: registry, expiryTimer: expiryTimer, logger: logger)
        await expiryService.expireHolds()
        let listeners = ListenerStatus(addresses: settings.addresses.map(\.address)) {
            // The log shows by it that what failed before is over.
            try? StandardStreams.write("port-server: ready (pid \(CurrentProcess.pid))\n", to: 2)
            StarterPipe.report("ready")
        }
        let responder = buildResponder(
            ServerDependencies(
                registry: registry,
                events: events,
                peers: KernelPeers(),
                userID: PeerCredentials.currentUserID,
                token: try Token.read(from: home),
                status: status(registry: registry, schema: try store.schemaVersion(), listeners: listeners)
            )
        )
        let socketPath = home.socketPath
        let socket = Mutex<PrivateFile.Identity?>(nil)
        let ports = ConflictMonitor(registry: registry, expiryTimer: expiryTimer, events: events, logger: logger)
        let homeMonitor = HomeMonitor(home: home, logger: logger)
        var services: [any Service] = [
            expiryService,
            ports,
            PollingLoop {
                ports.pollingInterval
            } poll: {
                homeMonitor.check()
                ports.poll()
            },
            UnixSocketListener(
                path: socketPath,
                responder: responder,
                listeners: listeners,
                secure: {
                    try FileMode.restrictToOwner(socketPath)
                    socket.withLock { $0 = PrivateFile.Identity(path: socketPath) }
                },
                logger: logger
            ),
        ]
        for (address, isRequired) in settings.addresses {
            services.append(
                TCPListener(
                    address: address,
                    isRequired: isRequired,
                    responder: responder,
                    listeners: listeners,
                    addressInUse: StreamSocket.addressInUse,
                    logger: logger
                )
            )
        }
        // Shut down first, being last: listeners wait for their connections, and streams end only by this.
        services.append(EventFeed.Runner(feed: events, registry: registry, logger: logger))
        try PrivateFile.refuseStrangeSocket(at: socketPath)
        let pidFile = try writePIDFile(logger)
        defer { PrivateFile.remove(settings.pidFilePath, ifStill: pidFile) }
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
        // The home may have been moved away, and another daemon's be in its place.
        PrivateFile.remove(socketPath, ifStill: socket.withLock { $0 })
    }

    /// For people only: on a full disk the daemon answers without one. Throws for what is in its place.
    private func writePIDFile(_ logger: Logger) throws -> PrivateFile.Identity? {
        let path = settings.pidFilePath
        do throws(SystemError) {
            try PrivateFile.replace(path, with: "\(CurrentProcess.pid)\n")
        } catch {
            guard error.isFullDisk else { throw error }
            logger.error("the pid file cannot be written", metadata: ["error": "\(error)"])
            return nil
        }
        return PrivateFile.Identity(path: path)
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
                .insecurePath,
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
        listeners: ListenerStatus
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
