import HTTPTypes
import Hummingbird
import PortAPI
import PortModel
import PortRegistry

/// The main API, `/v1`: allocations, services and remembered ports. It extends the API of the original
/// port-server (docs/compatibility.md).
struct RegistryRoutes {
    let registry: Registry

    func add(to table: inout RouteTable) {
        table.on(Endpoints.Allocations.create, runsOnEventLoop: true, allocate)
        table.on(Endpoints.Allocations.list, list)
        table.on(Endpoints.Allocations.releaseMatching, releaseMatching)
        table.on(Endpoints.Allocations.release, runsOnEventLoop: true, release)
        table.on(optional: Endpoints.Allocations.heartbeat, heartbeat)
        table.on(Endpoints.Allocations.reserve, reserve)
        table.on(Endpoints.Services.lookUp, lookUp)
        table.on(Endpoints.Services.release, releaseNamed)
        table.on(Endpoints.Ports.check, check)
        table.on(Endpoints.Allocations.forget, forget)
        table.on(Endpoints.Allocations.releaseHolds, releaseHolds)
    }

    @Sendable private func allocate(_ call: Call<AllocateBody>) async throws -> Answer<AllocationBody> {
        let body = try await call.input
        let face = try Face(named: body.face)
        let grant = try await registry.allocate(
            try AllocationRequest(body, face: face),
            by: call.context.caller(via: face)
        )
        return Answer(AllocationBody(grant), status: grant.outcome == .new ? .created : .ok)
    }

    @Sendable private func reserve(_ call: Call<ReserveBody>) async throws -> Answer<ReservationBody> {
        let body = try await call.input
        let face = try Face(named: body.request.face)
        let reservation = try await registry.reserve(
            try AllocationRequest(body, face: face),
            killIfOccupied: body.killIfOccupied ?? false,
            pid: try Int32(processNumber: body.pid),
            force: body.force ?? false,
            by: body.killIfOccupied == true
                ? call.context.identifiedCaller(via: face) : call.context.caller(via: face)
        )
        return Answer(
            ReservationBody(reservation),
            status: reservation.grant.outcome == .new ? .created : .ok
        )
    }

    @Sendable private func list(_ call: Call<AllocationQuery>) async throws -> [AllocationBody] {
        let query = try await call.input
        let allocations = try await registry.allocations(
            matching: try AllocationFilter(query),
            project: try query.project
        )
        guard query.wide == "true" else { return allocations.map(AllocationBody.init) }
        return await wide(allocations)
    }

    /// The allocations with the fields that `wide` adds.
    private func wide(_ allocations: [Allocation]) async -> [AllocationBody] {
        let now = registry.uptime
        return await registry.reports(on: allocations).map { AllocationBody($0, now: now) }
    }

    @Sendable private func heartbeat(_ call: Call<HeartbeatBody?>) async throws -> AllocationBody {
        let id = try call.context.allocationID
        let body = try await call.input
        let renewed = try await registry.heartbeat(id: id, by: call.context.caller(via: Face(named: body?.face)))
        return await wide([renewed])[0]
    }

    @Sendable private func lookUp(_ call: Call<ServiceQuery>) async throws -> ServiceBody {
        let name = try call.context.serviceName
        let scope = try await call.input.scope
        let found = try await registry.lookUpReports(name, in: scope)
        guard !found.reports.isEmpty else {
            var refusal = APIError(RegistryError.serviceNotFound(name, in: scope))
            refusal.body.remembered = found.lastPort.map { identity, port in
                RememberedBody(
                    app: identity.app,
                    instance: identity.instance,
                    service: identity.service,
                    port: Int(port.number)
                )
            }
            throw refusal
        }
        let now = registry.uptime
        var body = ServiceBody(found.reports.map { AllocationBody($0, now: now) })
        body.warnings = registry.networkWarning(for: call.context.caller(via: .registry)).map { [$0] }
        return body
    }

    @Sendable private func releaseNamed(_ call: Call<ServiceQuery>) async throws -> ServiceBody {
        let released = try await registry.release(
            named: call.context.serviceName,
            in: try await call.input.scope,
            by: call.context.caller(via: .registry)
        )
        return ServiceBody(released.map(AllocationBody.ended))
    }

    @Sendable private func releaseMatching(_ call: Call<FilterBody>) async throws -> DeletedBody {
        let body = try await call.input
        let caller = try call.context.caller(via: Face(named: body.face))
        let released: [Allocation]
        if let name = body.name, !name.isEmpty {
            released = try await registry.release(machineWide: name, by: caller)
        } else {
            released = try await registry.release(
                matching: AllocationFilter(body),
                project: try body.project.map { body throws(RegistryError) in try Project.Directories(body) },
                by: caller
            )
        }
        let ended = body.wide == true ? released.map(AllocationBody.ended) : nil
        return DeletedBody(deleted: released.count, allocations: ended)
    }

    @Sendable private func releaseHolds(_ call: Call<FaceHoldsBody>) async throws -> DeletedBody {
        guard let name = try await call.input.face else {
            throw RegistryError(.invalidRequest, "face is required", subject: "face")
        }
        let released = try await registry.releaseAll(by: call.context.caller(via: Face(named: name)))
        return DeletedBody(deleted: released.count)
    }

    @Sendable private func release(_ call: Call<ReleaseQuery>) async throws -> ReleasedBody {
        let isWide = try await call.input.wide == "true"
        let released = try await registry.release(
            id: call.context.allocationID,
            by: call.context.caller(via: .registry)
        )
        return ReleasedBody(status: "deleted", allocation: isWide ? .ended(released) : nil)
    }

    @Sendable private func check(_ call: Call<NoParameters>) async throws -> PortBody {
        let port = try call.context.port
        try registry.checkNetwork(of: call.context.caller(via: .registry))
        return PortBody(try await registry.inspection(of: port), now: registry.uptime)
    }

    @Sendable private func forget(_ call: Call<ForgetBody>) async throws -> ForgottenBody {
        let body = try await call.input
        let forgotten = try await registry.forget(
            ServiceIdentity(body),
            project: try body.project.map { body throws(RegistryError) in try Project.Directories(body) },
            by: call.context.caller(via: .registry)
        )
        return ForgottenBody(forgotten)
    }
}
