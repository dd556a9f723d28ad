import Logging
import PortAPI
import PortHTTP
import PortHost
import PortModel
import PortRegistry
import PortStore
import PortSystem
import ServiceLifecycle
import Synchronization
import UnixSignals

/// Composes machine, store, rules and HTTP, and runs them until a signal.
struct Daemon {
    let home: HomeDirectory
    let settings: DaemonSettings

    /// The maximum duration of a graceful shutdown. `portctl stop` waits 5 seconds.
    private static let shutdownLimit = Duration.seconds(3)

    /// Runs the daemon until SIGTERM or SIGINT, or until a service fails.
    func run() async throws {
        var logger = Logger(label: "port-server") { _ in LineLogHandler() }
        logger.logLevel = settings.logLevel

        let path = try databasePath()
        try SQLiteStore.checkLocks(at: path)
        let recovery = try DatabaseRecovery(path: path, isOurs: path == home.databasePath).recoverIfNeeded()
        if let recovery { logger.error("\(recovery)") }
        let store = try SQLiteStore(sharedAt: path)
        let watcher = try ProcessWatcher()
        let events = EventFeed()
        let expiryTimer = ExpiryTimer(watcher: watcher, sweepInterval: settings.sweepInterval)
        let registry = Registry(
            store: store,
            machine: WatchedMachine(watcher: watcher, expiryTimer: expiryTimer),
            settings: settings.registry.registrySettings(),
            onDeadline: expiryTimer.schedule,
            onCommit: events.didCommit
        )
        // Expire the holds of owners that exited while no daemon ran, before the first request is answered.
        let expiryService = HoldExpiryService(registry: registry, expiryTimer: expiryTimer, logger: logger)
        await expiryService.expireHolds()
        let listeners = ListenerStatus(addresses: settings.addresses.map(\.address)) {
            // In the log, this line separates the failures of earlier starts from this one.
            try? StandardStreams.write("port-server: ready (pid \(CurrentProcess.pid))\n", to: 2)
            StarterPipe.report("ready")
        }
        let socketPath = home.socketPath
        let socket = Mutex<PrivateFile.Identity?>(nil)
        // The home may have been moved away, and the path may belong to another daemon by now.
        @Sendable func removeSocket() { PrivateFile.remove(socketPath, ifStill: socket.withLock { $0 }) }
        let succession = NetworkSuccession(leaveSocket: removeSocket, logger: logger)
        let responder = buildResponder(
            ServerDependencies(
                registry: registry,
                events: events,
                peers: KernelPeers(),
                userID: CurrentProcess.userID,
                token: try Token.read(from: home),
                status: status(
                    registry: registry,
                    schema: try store.schemaVersion(),
                    listeners: listeners,
                    recovery: recovery?.description
                ),
                succession: succession
            )
        )
        let conflictMonitor = ConflictMonitor(
            registry: registry,
            expiryTimer: expiryTimer,
            events: events,
            logger: logger
        )
        let homeMonitor = HomeMonitor(home: home, logger: logger)
        var services: [any Service] = [
            expiryService,
            conflictMonitor,
            succession,
            PollingLoop {
                conflictMonitor.pollingInterval
            } poll: {
                homeMonitor.check()
                conflictMonitor.poll()
            },
            UnixSocketListener(
                path: socketPath,
                responder: responder,
                listeners: listeners,
                restrictAccess: {
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
                    reason: { SystemError("bind", number: $0).reason },
                    logger: logger
                )
            )
        }
        // The last service is shut down first. Listeners wait for their connections to close, and event streams close
        // only when the feed stops.
        services.append(EventFeed.Runner(feed: events, registry: registry, logger: logger))
        try PrivateFile.checkOwnSocket(at: socketPath)
        let pidFile = try writePIDFile(logger)
        defer { PrivateFile.remove(settings.pidFilePath, ifStill: pidFile) }
        var configuration = ServiceGroupConfiguration(
            // A service that fails or ends stops the daemon, after a graceful shutdown of the others.
            services: services.map {
                ServiceGroupConfiguration.ServiceConfiguration(
                    service: $0,
                    successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .gracefullyShutdownGroup
                )
            },
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: quiet(logger)
        )
        configuration.maximumGracefulShutdownDuration = Self.shutdownLimit
        try await ServiceGroup(configuration: configuration).run()
        store.emptyLog()
        removeSocket()
    }

    /// Writes the pid file. Only people read it, so on a full disk the daemon runs without one and this returns `nil`.
    /// Throws when something other than a file of this user is in its place.
    private func writePIDFile(_ logger: Logger) throws -> PrivateFile.Identity? {
        let path = settings.pidFilePath
        do throws(SystemError) {
            try PrivateFile.replace(path, with: "\(CurrentProcess.pid)\n")
        } catch {
            if let fault = PrivateFile.fault(at: path) {
                throw RegistryError(
                    .insecurePath,
                    "the pid file \(path) cannot be used: \(fault)",
                    subject: path,
                    remedies: [.advice("remove it; the daemon creates a new one")]
                )
            }
            guard error.isFullDisk else { throw error }
            logger.error("the pid file cannot be written", metadata: ["error": "\(error)"])
            return nil
        }
        return PrivateFile.Identity(path: path)
    }

    /// A logger for the service group, whose messages matter only when something is wrong.
    private func quiet(_ logger: Logger) -> Logger {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        return quiet
    }

    /// The configured path. Throws `insecure_path` when something other than a file of this user is there.
    private func databasePath() throws -> String {
        let path = settings.registry.databasePath
        if let fault = PrivateFile.fault(at: path) {
            throw RegistryError(
                .insecurePath,
                "the database \(path) cannot be used: \(fault)",
                subject: path,
                remedies: PrivateFile.isLink(path)
                    ? [.advice("links are refused: name the file itself with the setting db")] : [.otherDatabase]
            )
        }
        return path
    }

    /// Returns a function that answers the status request.
    private func status(
        registry: Registry,
        schema: String,
        listeners: ListenerStatus,
        recovery: String?
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
                listeners: listeners.status,
                recovery: recovery,
                network: ProcessNetwork.current.map {
                    StatusBody.Network(namespace: $0.description, sandbox: ProcessNetwork.sandboxSign?.description)
                }
            )
        }
    }
}
