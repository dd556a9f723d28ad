import HTTPTypes
import Hummingbird
import PortAPI
import PortModel
import PortRegistry

#if canImport(FoundationEssentials)
    import struct FoundationEssentials.Date
#else
    import struct Foundation.Date
#endif

/// The projects face, the API of the get-port service (docs/compatibility.md): sticky ports of projects, owned by
/// processes, for the whole machine.
/// ``DaemonRoutes`` serves its `/health`.
struct ProjectRoutes {
    let registry: Registry

    func add(to table: inout RouteTable) {
        table.on(Paths.projectRequest, .post, runsOnEventLoop: true, allocate)
        table.on(Paths.projectRelease, .delete, runsOnEventLoop: true, release)
        table.on(Paths.projectPorts, .get, list)
        table.on(Paths.projectCleanup, .post, cleanUp)
    }

    @Sendable private func allocate(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let body = try await JSON.decode(ProjectRequestBody.self, from: request)
        let wanted = try AllocationRequest(body, owner: request.headers[OwnerPID.header])
        let grant = try await registry.allocate(wanted, by: context.caller(via: .projects))
        return try JSON.response(ProjectGrantBody(grant, preferred: wanted.preferred))
    }

    @Sendable private func release(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let body = try await JSON.decode(ProjectReleaseBody.self, from: request)
        let caller = context.caller(via: .projects)
        if let port = try Port(optional: body.port) {
            _ = try await registry.release(port: port, by: caller)
            return try JSON.response(ProjectReleasedBody(success: true, message: "released port \(port)"))
        }
        guard let project = body.project, !project.isEmpty else {
            throw RegistryError(.invalidRequest, "port or project required", subject: "project")
        }
        let released = try await registry.release(machineWide: project, by: caller)
        let message = "released \(released.count) port(s) for project \(project)"
        return try JSON.response(ProjectReleasedBody(success: true, message: message))
    }

    @Sendable private func list(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let now = Date()
        let allocations = try await registry.allocations(matching: AllocationFilter()).sorted { $0.port < $1.port }
        return try JSON.response(ProjectPortsBody(ports: allocations.map { .init($0, at: now) }))
    }

    @Sendable private func cleanUp(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        _ = try await JSON.decodeIfPresent(EmptyObject.self, from: request)
        let freed = try await registry.cleanUp(by: context.caller(via: .projects))
        return try JSON.response(ProjectCleanupBody(freed))
    }
}

/// A JSON object whose keys are ignored.
private struct EmptyObject: Decodable {}
