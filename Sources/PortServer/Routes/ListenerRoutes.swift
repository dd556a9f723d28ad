internal import HTTPTypes
internal import Hummingbird
internal import PortAPI
internal import PortModel
internal import PortRegistry

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// What is really on the machine, beside the claims.
struct ListenerRoutes {
    let registry: Registry

    /// Entries of a port's story: what a person reads.
    private static let storyLength = 100

    func add(to table: inout RouteTable) {
        table.on(Paths.listeners, .get, list)
        table.on("/v1/ports/:port/journal", .get, story)
        table.on("/v1/ports/:port/kill", .post, kill)
    }

    @Sendable private func kill(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let port = try Port(named: context.parameters.get("port") ?? "")
        let body = try await JSON.decodeIfPresent(KillRequestBody.self, from: request)
        let pid = try Int32(processNumber: body?.pid)
        if body?.dryRun == true {
            let victim = ProcessBody(try registry.victim(on: port, pid: pid))
            return try JSON.response(
                KillBody(port: Int(port.number), status: "listening", process: victim, signal: nil)
            )
        }
        let kill = try await registry.kill(
            port: port,
            pid: pid,
            force: body?.force ?? false,
            by: context.asker(.registry)
        )
        return try JSON.response(
            KillBody(
                port: Int(port.number),
                status: "terminated",
                process: ProcessBody(kill.victim),
                signal: kill.wasForced ? "SIGKILL" : "SIGTERM"
            )
        )
    }

    @Sendable private func list(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let text = try Query(request)["port"] ?? ""
        let reports = try await registry.listeners(on: text.isEmpty ? nil : [try Port(named: text)])
        return try JSON.response(reports.map { ListenerBody($0, registry: registry) })
    }

    @Sendable private func story(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let port = try Port(named: context.parameters.get("port") ?? "")
        return try JSON.response(
            try await registry.story(of: port, limit: Self.storyLength).map(JournalBody.init)
        )
    }
}

extension ListenerBody {
    init(_ report: ListenerReport, registry: Registry) {
        let listener = report.listener
        self.init(
            port: Int(listener.port.number),
            address: listener.address,
            userID: listener.userID,
            processes: listener.occupiers.map(ProcessBody.init),
            project: report.project.map { "\($0.app)/\($0.instance)" },
            allocation: report.allocation.map {
                var body = AllocationBody($0, registry: registry)
                // They are this listener's own processes.
                body.occupiers = nil
                return body
            }
        )
    }
}

extension ProcessBody {
    init(_ occupier: Occupier) {
        self.init(pid: occupier.pid, name: occupier.name, command: occupier.commandLine, folder: occupier.folder)
    }
}

extension JournalBody {
    init(_ entry: JournalEntry) {
        self.init(
            at: entry.at.formatted(.iso8601),
            action: entry.action.rawValue,
            face: entry.asker.face.rawValue,
            caller: entry.asker.caller,
            service: entry.identity?.description,
            port: entry.port.map { Int($0.number) },
            reason: entry.reason
        )
    }
}
