import HTTPTypes
import Hummingbird
import PortAPI
import PortModel
import PortRegistry

/// What is wrong, each with its remedy; and how full the pools are.
struct DiagnosisRoutes {
    let registry: Registry

    func add(to table: inout RouteTable) {
        table.on(Paths.diagnosis, .get) { _, _ in
            let diagnosis = try await registry.diagnosis()
            return try JSON.response(
                [diagnosis.database] + diagnosis.predecessors + [diagnosis.listeners, diagnosis.ephemeral]
                    + diagnosis.pools.map(\.finding)
                    + diagnosis.conflictFindings
            )
        }
        table.on(Paths.pools, .get) { _, _ in
            try JSON.response(try await registry.poolUsage().map(PoolDTO.init))
        }
    }
}
