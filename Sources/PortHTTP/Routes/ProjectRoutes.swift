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

/// Seed 004's face: sticky ports of projects, owned by processes, for the whole machine. Its `/health` is with the
/// daemon's own.
struct ProjectRoutes {
    let registry: Registry

    func add(to table: inout RouteTable) {
        table.on(Paths.projectRequest, .post, isBrief: true, allocate)
        table.on(Paths.projectRelease, .delete, isBrief: true, release)
        table.on(Paths.projectPorts, .get, list)
        table.on(Paths.projectCleanup, .post, cleanUp)
    }

    @Sendable private func allocate(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let body = try await JSON.decode(ProjectRequestBody.self, from: request)
        var wish = AllocationRequest(identity: try ServiceIdentity(machineWide: body.project ?? ""))
        wish.preferred = try Port(optional: body.preferred)
        wish.whenAllocated = .share
        wish.hold = try RequestedHold(
            face: .projects,
            ttl: nil,
            ownerPID: Self.owner(named: request.headers[.ownerPID] ?? ""),
            grace: nil
        )
        let grant = try await registry.allocate(wish, by: context.caller(via: .projects))
        return try JSON.response(ProjectGrantBody(grant, preferred: wish.preferred))
    }

    /// A literal `$$`, or anything else that is no number, names nobody; a number that no process can have is still
    /// one.
    private static func owner(named text: String) throws(RegistryError) -> Int? {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        guard let pid = Int(text) else { throw .cannotOwn(text) }
        return pid
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
        let identity = try ServiceIdentity(machineWide: project)
        let released = try await registry.release(
            matching: AllocationFilter(app: identity.app, instance: identity.instance, service: identity.service),
            project: nil,
            by: caller
        )
        let message = "released \(released.count) port(s) for project \(project)"
        return try JSON.response(ProjectReleasedBody(success: true, message: message))
    }

    @Sendable private func list(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let now = Date()
        let allocations = try await registry.allocations(matching: AllocationFilter()).sorted { $0.port < $1.port }
        return try JSON.response(ProjectPortsBody(ports: allocations.map { .init($0, at: now) }))
    }

    @Sendable private func cleanUp(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        _ = try await JSON.decodeIfPresent(NoBody.self, from: request)
        let freed = try await registry.cleanUp(by: context.caller(via: .projects))
        return try JSON.response(
            ProjectCleanupBody(
                freed: freed.map { .init(port: Int($0.port.number), project: $0.identity.machineWideName) }
            )
        )
    }
}

/// An object without anything to say.
private struct NoBody: Decodable {}

extension HTTPField.Name {
    /// The process that asks for a port, in the project face's requests.
    fileprivate static let ownerPID = HTTPField.Name("X-PID")!
}
