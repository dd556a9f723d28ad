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
        table.on(Paths.listeners, .get, list)
        table.on("\(Paths.ports)/:port/journal", .get, journal)
        table.on("\(Paths.ports)/:port/kill", .post, kill)
    }

    @Sendable private func kill(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let port = try context.port
        let body = try await JSON.decodeIfPresent(KillRequestBody.self, from: request)
        try registry.checkNetwork(of: context.caller(via: .registry))
        let pid = try Int32(processNumber: body?.pid)
        let caller = await context.identifiedCaller(via: .registry)
        if body?.dryRun == true {
            let candidate = try await registry.target(
                on: port,
                pid: pid,
                project: body?.projectDirectory,
                by: caller
            )
            return try JSON.response(KillBody(dryRunOn: port, candidate: candidate))
        }
        let kill = try await registry.kill(
            port: port,
            pid: pid,
            force: body?.force ?? false,
            by: caller
        )
        return try JSON.response(KillBody(kill))
    }

    @Sendable private func list(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        try registry.checkNetwork(of: context.caller(via: .registry))
        let text = try Query(request)["port"] ?? ""
        let reports = try await registry.listeners(on: text.isEmpty ? nil : [try Port(named: text)])
        let now = registry.uptime
        return try JSON.response(reports.map { ListenerBody($0, now: now) })
    }

    @Sendable private func journal(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let entries = try await registry.journal(about: context.port, limit: Self.journalLength)
        return try JSON.response(entries.map(JournalEntryDTO.init))
    }
}
