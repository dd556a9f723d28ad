import HTTPTypes
import Hummingbird
import PortAPI
import PortModel
import PortRegistry

/// The clean-up of all faces at once.
struct PruneRoutes {
    let registry: Registry

    func add(to table: inout RouteTable) {
        table.on(Paths.prune, .post, prune)
    }

    @Sendable private func prune(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let body = try await JSON.decodeIfPresent(PruneRequestBody.self, from: request)
        let dryRun = body?.dryRun ?? false
        let pruned = try await registry.prune(
            body?.ids.map(Set.init),
            dryRun: dryRun,
            by: context.caller(via: .registry)
        )
        let now = registry.uptime
        let allocations = pruned.map { allocation in
            var body = AllocationBody.ended(allocation)
            body.holds = allocation.holds.map { HoldDTO($0, now: now) }
            return body
        }
        return try JSON.response(PruneBody(dryRun: dryRun, allocations: allocations))
    }
}
