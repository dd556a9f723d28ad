import HTTPTypes
import Hummingbird
import PortAPI
import PortModel
import PortRegistry

/// Groups: several ports that are allocated together, or not at all.
struct GroupRoutes {
    let registry: Registry

    func add(to table: inout RouteTable) {
        table.on(Endpoints.Groups.create, allocate)
        table.on(Endpoints.Groups.list, list)
        table.on(Endpoints.Groups.show, show)
        table.on(Endpoints.Groups.release, release)
    }

    @Sendable private func allocate(_ call: Call<GroupRequestBody>) async throws -> Answer<GroupBody> {
        let body = try await call.input
        let face = try Face(named: body.face)
        let group = try await registry.allocate(try GroupRequest(body, face: face), by: call.context.caller(via: face))
        return Answer(GroupBody(group), status: .created)
    }

    @Sendable private func list(_ call: Call<AllocationQuery>) async throws -> [GroupBody] {
        let query = try await call.input
        let groups = try await registry.groups(
            matching: AllocationFilter(FilterBody(app: query.app, instance: query.instance)),
            project: try query.project
        )
        return groups.map(GroupBody.init)
    }

    @Sendable private func show(_ call: Call<NoParameters>) async throws -> GroupBody {
        let id = call.context.groupID
        guard let group = try await registry.groups(matching: AllocationFilter(group: id)).first else {
            throw RegistryError.groupNotFound(id)
        }
        return GroupBody(group)
    }

    @Sendable private func release(_ call: Call<NoParameters>) async throws -> GroupBody {
        let group = try await registry.release(group: call.context.groupID, by: call.context.caller(via: .registry))
        var body = GroupBody(group)
        body.allocations = group.allocations.map(AllocationBody.ended)
        return body
    }
}
