import HTTPTypes
import Hummingbird
import PortAPI
import PortModel
import PortRegistry

/// Groups: several ports that are allocated together, or not at all.
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
        let group = try await registry.allocate(try GroupRequest(body, face: face), by: context.caller(via: face))
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
        let id = context.groupID
        guard let group = try await registry.groups(matching: AllocationFilter(group: id)).first else {
            throw RegistryError.groupNotFound(id)
        }
        return try JSON.response(GroupBody(group))
    }

    @Sendable private func release(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let group = try await registry.release(group: context.groupID, by: context.caller(via: .registry))
        var body = GroupBody(group)
        body.allocations = group.allocations.map(AllocationBody.ended)
        return try JSON.response(body)
    }
}
