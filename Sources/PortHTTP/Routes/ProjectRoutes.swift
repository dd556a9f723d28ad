import HTTPTypes
import Hummingbird
import PortAPI
import PortModel
import PortRegistry

/// The projects face, the API of the get-port service (docs/compatibility.md): sticky ports of projects, owned by
/// processes, for the whole machine.
/// ``DaemonRoutes`` serves its `/health`.
struct ProjectRoutes {
    let registry: Registry

    func add(to table: inout RouteTable) {
        table.on(Endpoints.Projects.request, runsOnEventLoop: true, allocate)
        table.on(Endpoints.Projects.release, runsOnEventLoop: true, release)
        table.on(Endpoints.Projects.ports, list)
        table.on(optional: Endpoints.Projects.cleanUp, cleanUp)
    }

    @Sendable private func allocate(_ call: Call<ProjectRequestBody>) async throws -> ProjectGrantBody {
        let body = try await call.input
        let wanted = try AllocationRequest(body, owner: call.request.headers[OwnerPID.header])
        let grant = try await registry.allocate(wanted, by: call.context.caller(via: .projects))
        return ProjectGrantBody(grant, preferred: wanted.preferred)
    }

    @Sendable private func release(_ call: Call<ProjectReleaseBody>) async throws -> ProjectReleasedBody {
        let body = try await call.input
        let caller = call.context.caller(via: .projects)
        if let port = try Port(optional: body.port) {
            _ = try await registry.release(port: port, by: caller)
            return ProjectReleasedBody(success: true, message: "released port \(port)")
        }
        guard let project = body.project, !project.isEmpty else {
            throw RegistryError(.invalidRequest, "port or project required", subject: "project")
        }
        let released = try await registry.release(machineWide: project, by: caller)
        let message = "released \(released.count) port(s) for project \(project)"
        return ProjectReleasedBody(success: true, message: message)
    }

    @Sendable private func list(_ call: Call<NoParameters>) async throws -> ProjectPortsBody {
        let now = registry.timestamp
        let allocations = try await registry.allocations(matching: AllocationFilter()).sorted { $0.port < $1.port }
        return ProjectPortsBody(
            ports: allocations.map { allocation in
                var entry = ProjectPortsBody.Entry(allocation, at: now)
                entry.actualPort = registry.actualPort(of: allocation).map { Int($0.number) }
                return entry
            }
        )
    }

    @Sendable private func cleanUp(_ call: Call<EmptyBody?>) async throws -> ProjectCleanupBody {
        _ = try await call.input
        let freed = try await registry.cleanUp(by: call.context.caller(via: .projects))
        return ProjectCleanupBody(freed)
    }
}
