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
        table.on(Paths.alloc, .post, runsOnEventLoop: true, allocate)
        table.on(Paths.release, .post, runsOnEventLoop: true, release)
        table.on(Paths.leaseHeartbeat, .post, runsOnEventLoop: true, heartbeat)
        table.on(Paths.leases, .get, list)
        table.on(Paths.lookup, .get, lookUp)
    }

    @Sendable private func allocate(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let body = try await JSON.decode(LeaseRequestBody.self, from: request)
        let caller = context.caller(via: .leases)
        let grant = try await registry.allocate(try AllocationRequest(body), by: caller)
        let warnings = grant.warnings.isEmpty ? nil : grant.warnings
        return try JSON.response(LeaseGrantBody(lease: LeaseBody(grant.allocation), warnings: warnings))
    }

    @Sendable private func release(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let port = try Port(try await JSON.decode(LeasePortBody.self, from: request))
        _ = try await registry.release(port: port, by: context.caller(via: .leases))
        return Response(status: .ok)
    }

    @Sendable private func heartbeat(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let port = try Port(try await JSON.decode(LeasePortBody.self, from: request))
        _ = try await registry.heartbeat(port: port, by: context.caller(via: .leases))
        return Response(status: .ok)
    }

    @Sendable private func list(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        try JSON.response(try await registry.allocations(matching: AllocationFilter()).map(LeaseBody.init))
    }

    @Sendable private func lookUp(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        guard let name = try Query(request)["service"] else {
            throw RegistryError(
                .invalidRequest,
                "service is missing",
                subject: "service",
                remedies: [.advice("/lookup?service=NAME")]
            )
        }
        let allocations = try await registry.lookUp(name, in: nil)
        return try JSON.response(LookupBody(serviceName: name, leases: allocations.map(LeaseBody.init)))
    }
}
