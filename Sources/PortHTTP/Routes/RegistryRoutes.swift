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
        table.on(Paths.allocations, .post, runsOnEventLoop: true, allocate)
        table.on(Paths.allocations, .get, list)
        table.on(Paths.allocations, .delete, releaseMatching)
        table.on("\(Paths.allocations)/:id", .delete, runsOnEventLoop: true, release)
        table.on("\(Paths.allocations)/:id/heartbeat", .post, heartbeat)
        table.on(Paths.reservations, .post, reserve)
        table.on("\(Paths.services)/:name", .get, lookUp)
        table.on("\(Paths.services)/:name", .delete, releaseNamed)
        table.on("\(Paths.ports)/:port", .get, check)
        table.on(Paths.remembered, .delete, forget)
        table.on(Paths.holds, .delete, releaseHolds)
    }

    @Sendable private func allocate(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let body = try await JSON.decode(AllocateBody.self, from: request)
        let face = try Face(named: body.face)
        let grant = try await registry.allocate(try AllocationRequest(body, face: face), by: context.caller(via: face))
        return try JSON.response(AllocationBody(grant), status: grant.outcome == .new ? .created : .ok)
    }

    @Sendable private func reserve(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let body = try await JSON.decode(ReserveBody.self, from: request)
        let face = try Face(named: body.request.face)
        let reservation = try await registry.reserve(
            try AllocationRequest(body, face: face),
            killIfOccupied: body.killIfOccupied ?? false,
            pid: try Int32(processNumber: body.pid),
            force: body.force ?? false,
            by: body.killIfOccupied == true
                ? context.identifiedCaller(via: face) : context.caller(via: face)
        )
        return try JSON.response(
            ReservationBody(reservation),
            status: reservation.grant.outcome == .new ? .created : .ok
        )
    }

    @Sendable private func list(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let query = try Query(request)
        let allocations = try await registry.allocations(
            matching: try AllocationFilter(query),
            project: try query.project
        )
        guard query["wide"] == "true" else { return try JSON.response(allocations.map(AllocationBody.init)) }
        return try JSON.response(await wide(allocations))
    }

    /// The allocations with the fields that `wide` adds.
    private func wide(_ allocations: [Allocation]) async -> [AllocationBody] {
        let now = registry.uptime
        return await registry.reports(on: allocations).map { AllocationBody($0, now: now) }
    }

    @Sendable private func heartbeat(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let id = try context.allocationID
        let body = try await JSON.decodeIfPresent(HeartbeatBody.self, from: request)
        let renewed = try await registry.heartbeat(id: id, by: context.caller(via: Face(named: body?.face)))
        return try JSON.response(await wide([renewed])[0])
    }

    @Sendable private func lookUp(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let name = try context.serviceName
        let scope = try Query(request).scope
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
        body.warnings = registry.networkWarning(for: context.caller(via: .registry)).map { [$0] }
        return try JSON.response(body)
    }

    @Sendable private func releaseNamed(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let released = try await registry.release(
            named: context.serviceName,
            in: try Query(request).scope,
            by: context.caller(via: .registry)
        )
        return try JSON.response(ServiceBody(released.map(AllocationBody.ended)))
    }

    @Sendable private func releaseMatching(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let body = try await JSON.decode(FilterBody.self, from: request)
        let caller = try context.caller(via: Face(named: body.face))
        let released: [Allocation]
        if let name = body.name, !name.isEmpty {
            released = try await registry.release(machineWide: name, by: caller)
        } else {
            released = try await registry.release(
                matching: AllocationFilter(body),
                project: try body.project.map { body throws(RegistryError) in try ProjectDirectory(body) },
                by: caller
            )
        }
        let ended = body.wide == true ? released.map(AllocationBody.ended) : nil
        return try JSON.response(DeletedBody(deleted: released.count, allocations: ended))
    }

    @Sendable private func releaseHolds(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        guard let name = try await JSON.decode(FaceHoldsBody.self, from: request).face else {
            throw RegistryError(.invalidRequest, "face is required", subject: "face")
        }
        let released = try await registry.releaseAll(by: context.caller(via: Face(named: name)))
        return try JSON.response(DeletedBody(deleted: released.count))
    }

    @Sendable private func release(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let isWide = try Query(request)["wide"] == "true"
        let released = try await registry.release(id: context.allocationID, by: context.caller(via: .registry))
        return try JSON.response(
            ReleasedBody(status: "deleted", allocation: isWide ? .ended(released) : nil)
        )
    }

    @Sendable private func check(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let port = try context.port
        try registry.checkNetwork(of: context.caller(via: .registry))
        return try JSON.response(PortBody(try await registry.inspection(of: port), now: registry.uptime))
    }

    @Sendable private func forget(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let body = try await JSON.decode(ForgetBody.self, from: request)
        let forgotten = try await registry.forget(
            ServiceIdentity(body),
            project: try body.project.map { body throws(RegistryError) in try ProjectDirectory(body) },
            by: context.caller(via: .registry)
        )
        return try JSON.response(ForgottenBody(forgotten))
    }
}
