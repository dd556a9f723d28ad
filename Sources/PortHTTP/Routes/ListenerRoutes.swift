import HTTPTypes
import Hummingbird
import PortAPI
import PortModel
import PortRegistry

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What is really on the machine, beside the claims.
struct ListenerRoutes {
    let registry: Registry

    /// Entries of a port's journal: what a person reads.
    private static let journalLength = 100

    func add(to table: inout RouteTable) {
        table.on(Paths.listeners, .get, list)
        table.on("/v1/ports/:port/journal", .get, journal)
        table.on("/v1/ports/:port/kill", .post, kill)
    }

    @Sendable private func kill(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let port = try Port(named: context.parameters.get("port") ?? "")
        let body = try await JSON.decodeIfPresent(KillRequestBody.self, from: request)
        let pid = try Int32(processNumber: body?.pid)
        if body?.dryRun == true {
            let target = ProcessDTO(try registry.target(on: port, pid: pid))
            return try JSON.response(
                KillBody(port: Int(port.number), status: "listening", process: target, signal: nil)
            )
        }
        let kill = try await registry.kill(
            port: port,
            pid: pid,
            force: body?.force ?? false,
            by: context.caller(via: .registry)
        )
        return try JSON.response(
            KillBody(
                port: Int(port.number),
                status: "terminated",
                process: ProcessDTO(kill.target),
                signal: kill.wasForced ? "SIGKILL" : "SIGTERM"
            )
        )
    }

    @Sendable private func list(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let text = try Query(request)["port"] ?? ""
        let reports = try await registry.listeners(on: text.isEmpty ? nil : [try Port(named: text)])
        return try JSON.response(reports.map { ListenerBody($0, registry: registry) })
    }

    @Sendable private func journal(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let port = try Port(named: context.parameters.get("port") ?? "")
        return try JSON.response(
            try await registry.journal(about: port, limit: Self.journalLength).map(JournalEntryDTO.init)
        )
    }
}
