import HTTPTypes
import Hummingbird
import PortAPI
import PortModel
import PortRegistry

/// Whether what listens is the right server, and waiting for it.
struct VerdictRoutes {
    let registry: Registry

    /// More services than a project has.
    private static let maximumNames = 50

    func add(to table: inout RouteTable) {
        table.on(Endpoints.Services.verdict, service)
        table.on(Endpoints.Services.verdicts, project)
        table.on(Endpoints.Services.wait, wait)
        table.on(Endpoints.Ports.verdict, port)
    }

    @Sendable private func service(_ call: Call<ServiceQuery>) async throws -> VerdictBody {
        try registry.checkNetwork(of: call.context.caller(via: .registry))
        return VerdictBody(try await registry.verdicts(named: call.context.serviceName, in: call.input.scope))
    }

    @Sendable private func project(_ call: Call<VerdictQuery>) async throws -> VerdictBody {
        try registry.checkNetwork(of: call.context.caller(via: .registry))
        return VerdictBody(try await registry.verdicts(of: call.input.scope))
    }

    @Sendable private func port(_ call: Call<VerdictQuery>) async throws -> VerdictBody {
        try registry.checkNetwork(of: call.context.caller(via: .registry))
        let query = try await call.input
        guard let address = LocalAddress(query.address ?? "") else {
            throw RegistryError(
                .invalidRequest,
                "address must be localhost or a numeric address, not \"\(query.address ?? "")\"",
                subject: "address"
            )
        }
        let verdict = try await registry.verdict(on: call.context.port, through: address, for: query.scope)
        return VerdictBody([verdict])
    }

    @Sendable private func wait(_ call: Call<WaitRequestBody>) async throws -> WaitBody {
        try registry.checkNetwork(of: call.context.caller(via: .registry))
        let body = try await call.input
        guard (1...Self.maximumNames).contains(body.names.count) else {
            throw RegistryError(
                .invalidRequest,
                "names must have 1 to \(Self.maximumNames) services",
                subject: "names"
            )
        }
        let milliseconds = body.timeoutMilliseconds ?? 0
        guard (0...Registry.maximumWaitMilliseconds).contains(milliseconds) else {
            throw RegistryError(
                .invalidRequest,
                "timeout_ms must be between 0 and \(Registry.maximumWaitMilliseconds)",
                subject: "timeout_ms"
            )
        }
        let scope = try body.scope
        let wait = try await registry.wait(
            for: body.names,
            ownedBy: body.owners ?? [:],
            in: scope,
            atMost: .milliseconds(milliseconds)
        )
        return WaitBody(wait)
    }
}
