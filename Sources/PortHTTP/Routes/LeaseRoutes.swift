import HTTPTypes
import Hummingbird
import PortAPI
import PortModel
import PortRegistry

/// The leases face, the API of PortManager's leases (docs/compatibility.md): leases by service name, for the whole
/// machine.
struct LeaseRoutes {
    let registry: Registry

    func add(to table: inout RouteTable) {
        table.on(Endpoints.Leases.allocate, runsOnEventLoop: true, allocate)
        table.on(Endpoints.Leases.release, runsOnEventLoop: true, release)
        table.on(Endpoints.Leases.heartbeat, runsOnEventLoop: true, heartbeat)
        table.on(Endpoints.Leases.list, list)
        table.on(Endpoints.Leases.lookUp, lookUp)
    }

    @Sendable private func allocate(_ call: Call<LeaseRequestBody>) async throws -> LeaseGrantBody {
        let body = try await call.input
        let caller = call.context.caller(via: .leases)
        let grant = try await registry.allocate(try AllocationRequest(body), by: caller)
        let warnings = grant.warnings.isEmpty ? nil : grant.warnings
        return LeaseGrantBody(lease: LeaseBody(grant.allocation), warnings: warnings)
    }

    @Sendable private func release(_ call: Call<LeasePortBody>) async throws {
        let port = try Port(try await call.input)
        _ = try await registry.release(port: port, by: call.context.caller(via: .leases))
    }

    @Sendable private func heartbeat(_ call: Call<LeasePortBody>) async throws {
        let port = try Port(try await call.input)
        _ = try await registry.heartbeat(port: port, by: call.context.caller(via: .leases))
    }

    @Sendable private func list(_ call: Call<NoParameters>) async throws -> [LeaseBody] {
        try await registry.allocations(matching: AllocationFilter()).map(LeaseBody.init)
    }

    @Sendable private func lookUp(_ call: Call<LookupQuery>) async throws -> LookupBody {
        guard let name = try await call.input.service else {
            throw RegistryError(
                .invalidRequest,
                "service is missing",
                subject: "service",
                remedies: [.advice("/lookup?service=NAME")]
            )
        }
        let reports = try await registry.lookUpReports(name, in: nil).reports
        var body = LookupBody(serviceName: name, leases: reports.map { LeaseBody($0.allocation) })
        body.verdict = reports.first?.verdict.verdict.rawValue
        return body
    }
}
