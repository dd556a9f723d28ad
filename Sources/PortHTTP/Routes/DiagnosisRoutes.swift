import HTTPTypes
import Hummingbird
import PortAPI
import PortModel
import PortRegistry

/// The results of the daemon's checks, and the usage of the pools.
struct DiagnosisRoutes {
    let registry: Registry

    func add(to table: inout RouteTable) {
        table.on(Endpoints.Daemon.diagnosis) { _ in
            try await registry.diagnosis().findings.map(FindingDTO.init)
        }
        table.on(Endpoints.Daemon.pools) { _ in try await registry.poolUsage().map(PoolDTO.init) }
    }
}
