import Logging
import PortHTTP
import PortHost
import PortModel
import PortRegistry
import PortStore
import PortSystem
import ServiceLifecycle
import UnixSignals

/// Composes machine, store, rules and HTTP, and runs them until a signal.
struct Daemon {
    let home: HomeDirectory
    let settings: DaemonSettings
    let logger: Logger

    /// The maximum duration of a graceful shutdown. `portctl stop` waits 5 seconds.
    static let shutdownLimit = Duration.seconds(3)

    init(home: HomeDirectory, settings: DaemonSettings) {
        self.home = home
        self.settings = settings
        var logger = Logger(label: "port-server") { _ in LineLogHandler() }
        logger.logLevel = settings.logLevel
        self.logger = logger
    }

    /// Runs the daemon until SIGTERM or SIGINT, or until a service fails.
    func run() async throws {
        let database = try openDatabase()
        let rules = try rules(over: database.store)
        // Expire the holds of owners that exited while no daemon ran, before the first request is answered.
        await rules.expiry.expireHolds()
        let server = try server(for: rules.registry, over: database)
        try PrivateFile.checkOwnSocket(at: home.socketPath)
        let pidFile = try PIDFile.write(to: settings.pidFilePath, logger: logger)
        defer { pidFile?.remove() }
        try await group(of: services(rules, server)).run()
        database.store.emptyLog()
        keepRoom(in: SQLiteStore.logPath(of: database.path))
        server.socket.remove()
    }

    /// Reserves what the next daemon must write into the log to open the database: the disk may be full by then.
    private func keepRoom(in log: String) {
        do {
            try FileRoom.reserve(SQLiteStore.openingSize, in: log)
        } catch {
            logger.debug("no room is reserved for the next start: \(error)")
        }
    }

    /// The services in the order of their start. They are shut down in the reverse order: addresses wait for their
    /// connections to close, and streams of events close only when the streams' service stops, so it comes last.
    func services(_ rules: Rules, _ server: Server) -> [any Service] {
        let homeMonitor = HomeMonitor(home: home, logger: logger)
        return [
            ChangeFeedService(registry: rules.registry, logger: logger),
            rules.expiry,
            rules.conflictMonitor,
            server.succession,
            PollingLoop {
                rules.conflictMonitor.pollingInterval
            } poll: {
                homeMonitor.check()
                rules.conflictMonitor.poll()
            },
        ] + server.addresses + [server.events]
    }

    /// A group in which a service that fails or ends stops the daemon, after a graceful shutdown of the others.
    func group(of services: [any Service]) -> ServiceGroup {
        var quiet = logger
        // The group's messages matter only when something is wrong.
        quiet.logLevel = max(logger.logLevel, .warning)
        var configuration = ServiceGroupConfiguration(
            services: services.map {
                ServiceGroupConfiguration.ServiceConfiguration(
                    service: $0,
                    successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .gracefullyShutdownGroup
                )
            },
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: quiet
        )
        configuration.maximumGracefulShutdownDuration = Self.shutdownLimit
        return ServiceGroup(configuration: configuration)
    }
}
