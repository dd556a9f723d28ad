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

/// Several ports that are wanted together, or not at all.
struct GroupRoutes {
    let registry: Registry

    func add(to table: inout RouteTable) {
        table.on(Paths.groups, .post, allocate)
        table.on(Paths.groups, .get, list)
        table.on("\(Paths.groups)/:id", .get, show)
        table.on("\(Paths.groups)/:id", .delete, release)
    }

    @Sendable private func allocate(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let body = try await JSON.decode(GroupRequestBody.self, from: request)
        let face = try Face(named: body.face)
        let group = try await registry.allocate(try GroupRequest(body, face: face), by: context.asker(face))
        return try JSON.response(GroupBody(group), status: .created)
    }

    @Sendable private func list(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let query = try Query(request)
        let groups = try await registry.groups(
            matching: AllocationFilter(FilterBody(app: query["app"], instance: query["instance"])),
            project: try query.project
        )
        return try JSON.response(groups.map(GroupBody.init))
    }

    @Sendable private func show(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let id = context.parameters.get("id") ?? ""
        guard let group = try await registry.groups(matching: AllocationFilter(group: id)).first else {
            throw RegistryError.groupNotFound(id)
        }
        return try JSON.response(GroupBody(group))
    }

    @Sendable private func release(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let id = context.parameters.get("id") ?? ""
        let group = try await registry.release(group: id, by: context.asker(.registry))
        return try JSON.response(GroupBody(group))
    }
}

extension GroupRequest {
    fileprivate init(_ body: GroupRequestBody, face: Face) throws(RegistryError) {
        guard let count = body.count else {
            throw RegistryError(.invalidRequest, "count is missing", subject: "count")
        }
        try self.init(count: count, roles: body.roles ?? [], app: body.app ?? "", instance: body.instance ?? "")
        pool = try PortPool(named: body.range)
        isContiguous = body.contiguous ?? false
        hold = try RequestedHold(
            face: face,
            ttl: body.ttlSeconds,
            ownerPID: body.ownerPID,
            grace: body.graceSeconds
        )
        project = try body.project.map { body throws(RegistryError) in try ProjectFolder(body) }
        tags = body.tags
        metadata = body.metadata
    }
}

extension GroupBody {
    fileprivate init(_ group: PortGroup) {
        self.init(
            id: group.id,
            createdAt: group.createdAt.formatted(.iso8601),
            allocations: group.allocations.map(AllocationBody.init),
            warnings: group.warnings.isEmpty ? nil : group.warnings
        )
    }
}
