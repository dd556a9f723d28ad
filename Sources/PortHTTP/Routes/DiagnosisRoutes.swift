import HTTPTypes
import Hummingbird
import PortAPI
import PortModel
import PortRegistry

/// The results of the daemon's checks, and the usage of the pools.
struct DiagnosisRoutes {
    let registry: Registry

    func add(to table: inout RouteTable) {
        table.on(Paths.diagnosis, .get) { _, _ in
            try JSON.response(try await registry.diagnosis().findings.map(FindingDTO.init))
        }
        table.on(Paths.pools, .get) { _, _ in
            try JSON.response(try await registry.poolUsage().map(PoolDTO.init))
        }
    }
}
