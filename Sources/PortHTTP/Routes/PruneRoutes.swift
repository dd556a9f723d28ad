import HTTPTypes
import Hummingbird
import PortAPI
import PortModel
import PortRegistry

/// The clean-up of all faces at once.
struct PruneRoutes {
    let registry: Registry

    func add(to table: inout RouteTable) {
        table.on(optional: Endpoints.Allocations.prune, prune)
    }

    @Sendable private func prune(_ call: Call<PruneRequestBody?>) async throws -> PruneBody {
        let body = try await call.input
        let dryRun = body?.dryRun ?? false
        let pruned = try await registry.prune(
            body?.ids.map(Set.init),
            dryRun: dryRun,
            by: call.context.caller(via: .registry)
        )
        let now = registry.uptime
        let allocations = pruned.map { allocation in
            var body = AllocationBody.ended(allocation)
            body.holds = allocation.holds.map { HoldDTO($0, now: now) }
            return body
        }
        return PruneBody(dryRun: dryRun, allocations: allocations)
    }
}
