import HTTPTypes
import Hummingbird
import PortAPI
import PortModel
import PortRegistry

/// The sockets that listen on the machine, the processes that have them open, and the journal of a port.
struct ListenerRoutes {
    let registry: Registry

    /// The newest entries of a port's journal; as many as a person reads.
    private static let journalLength = 100

    func add(to table: inout RouteTable) {
        table.on(Endpoints.Ports.listeners, list)
        table.on(Endpoints.Ports.journal, journal)
        table.on(optional: Endpoints.Ports.kill, kill)
    }

    @Sendable private func kill(_ call: Call<KillRequestBody?>) async throws -> KillBody {
        let port = try call.context.port
        let body = try await call.input
        try registry.checkNetwork(of: call.context.caller(via: .registry))
        let pid = try Int32(processNumber: body?.pid)
        let caller = await call.context.identifiedCaller(via: .registry)
        if body?.dryRun == true {
            let candidate = try await registry.target(
                on: port,
                pid: pid,
                project: body?.projectDirectory,
                by: caller
            )
            return KillBody(dryRunOn: port, candidate: candidate)
        }
        let kill = try await registry.kill(
            port: port,
            pid: pid,
            force: body?.force ?? false,
            by: caller
        )
        return KillBody(kill)
    }

    @Sendable private func list(_ call: Call<ListenerQuery>) async throws -> [ListenerBody] {
        try registry.checkNetwork(of: call.context.caller(via: .registry))
        let query = try await call.input
        let text = query.port ?? ""
        let ports: Set<Port>? = text.isEmpty ? nil : [try Port(named: text)]
        let reports =
            switch try TransportProtocol(named: query.transport) {
            case .tcp: try await registry.listeners(on: ports)
            case .udp: try await registry.udpSockets(on: ports)
            }
        let now = registry.uptime
        return reports.map { ListenerBody($0, now: now) }
    }

    @Sendable private func journal(_ call: Call<NoParameters>) async throws -> [JournalEntryDTO] {
        let entries = try await registry.journal(about: call.context.port, limit: Self.journalLength)
        return entries.map(JournalEntryDTO.init)
    }
}
