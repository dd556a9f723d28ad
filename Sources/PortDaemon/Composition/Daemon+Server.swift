import PortAPI
import PortHTTP
import PortModel
import PortRegistry
import PortSystem
import ServiceLifecycle

extension Daemon {
    /// What answers requests.
    struct Server {
        /// A service for the socket, and one for each TCP address.
        let addresses: [any Service]
        let events: EventStreams
        let succession: NetworkSuccession
        let socket: SocketFile
    }

    /// Composes the routes and the addresses. Throws `insecure_path` for an unusable token file.
    func server(for registry: Registry, over database: Database) throws -> Server {
        let socket = SocketFile(path: home.socketPath)
        let events = EventStreams(registry: registry)
        let succession = NetworkSuccession(leaveSocket: socket.remove, logger: logger)
        let tcp = settings.addresses.map { (DaemonAddress.tcp($0.address), $0.isRequired) }
        let addresses = [(DaemonAddress.socket(path: socket.path), true)] + tcp
        let status = AddressStatus(addresses: addresses.map(\.0)) {
            // In the log, this line separates the failures of earlier starts from this one.
            try? StandardStreams.write("port-server: ready (pid \(CurrentProcess.pid))\n", to: 2)
            StarterPipe.report("ready")
        }
        let responder = buildResponder(
            ServerDependencies(
                registry: registry,
                events: events,
                peers: KernelPeers(),
                userID: CurrentProcess.userID,
                token: try Token.read(from: home),
                status: statusBody(registry: registry, database: database, addresses: status),
                succession: succession
            )
        )
        let services = addresses.map { address, isRequired in
            AddressService(
                address: address,
                isRequired: isRequired,
                responder: responder,
                status: status,
                restrictAccess: { if case .socket = address { try socket.restrictToOwner() } },
                bindError: {
                    BindError(isTaken: $0 == StreamSocket.addressInUse, reason: SystemError("bind", number: $0).reason)
                },
                logger: logger
            )
        }
        return Server(addresses: services, events: events, succession: succession, socket: socket)
    }

    /// Returns a function that answers the status request.
    private func statusBody(
        registry: Registry,
        database: Database,
        addresses: AddressStatus
    ) -> @Sendable () async throws -> StatusBody {
        let started = ContinuousClock.now
        let home = home
        return {
            StatusBody(
                version: BuildInformation.version,
                commit: BuildInformation.commit,
                buildDate: BuildInformation.buildDate,
                pid: CurrentProcess.pid,
                uptimeSeconds: Int(started.duration(to: .now).components.seconds),
                home: home.path,
                socket: home.socketPath,
                database: database.path,
                schema: database.schema,
                allocations: try await registry.allocationCount(),
                addresses: addresses.tcpAddresses,
                recovery: database.recovery,
                network: ProcessNetwork.current.map {
                    StatusBody.Network(namespace: $0.description, sandbox: ProcessNetwork.sandboxSign?.description)
                }
            )
        }
    }
}
