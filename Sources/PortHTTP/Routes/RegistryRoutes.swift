import HTTPTypes
import Hummingbird
import PortAPI
import PortModel
import PortRegistry

/// Seed 002's face: `/v1`.
struct RegistryRoutes {
    let registry: Registry

    func add(to table: inout RouteTable) {
        table.on(Paths.allocations, .post, isBrief: true, allocate)
        table.on(Paths.allocations, .get, list)
        table.on(Paths.allocations, .delete, releaseMatching)
        table.on("\(Paths.allocations)/:id", .delete, isBrief: true, release)
        table.on("\(Paths.allocations)/:id/heartbeat", .post, heartbeat)
        table.on(Paths.reservations, .post, reserve)
        table.on("\(Paths.services)/:name", .get, lookUp)
        table.on("\(Paths.services)/:name", .delete, releaseNamed)
        table.on("/v1/ports/:port", .get, check)
        table.on(Paths.remembered, .delete, forget)
        table.on(Paths.holds, .delete, releaseHolds)
    }

    @Sendable private func allocate(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let body = try await JSON.decode(AllocateBody.self, from: request)
        let face = try Face(named: body.face)
        let grant = try await registry.allocate(try AllocationRequest(body, face: face), by: context.caller(via: face))
        var answer = AllocationBody(grant.allocation)
        answer.warnings = grant.warnings.isEmpty ? nil : grant.warnings
        return try JSON.response(answer, status: grant.outcome == .new ? .created : .ok)
    }

    @Sendable private func reserve(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let body = try await JSON.decode(ReserveBody.self, from: request)
        let face = try Face(named: body.request.face)
        var wish = try AllocationRequest(body.request, face: face)
        // A name may hold several ports by number; the one that is asked for is what counts.
        wish.whenAllocated = .furtherUnlessHeld
        wish.adopt = false
        let reservation = try await registry.reserve(
            wish,
            killIfOccupied: body.killIfOccupied ?? false,
            pid: try Int32(processNumber: body.pid),
            force: body.force ?? false,
            by: context.caller(via: face)
        )
        var allocation = AllocationBody(reservation.grant.allocation)
        allocation.warnings = reservation.grant.warnings.isEmpty ? nil : reservation.grant.warnings
        return try JSON.response(
            ReservationBody(
                allocation: allocation,
                wasOccupied: reservation.wasOccupied,
                killed: reservation.wasKilled,
                occupier: reservation.occupier.map(ProcessDTO.init)
            ),
            status: reservation.grant.outcome == .new ? .created : .ok
        )
    }

    @Sendable private func list(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let query = try Query(request)
        let port = query["port"] ?? ""
        guard port.isEmpty || Int(port) != nil else {
            throw RegistryError(.invalidPort, "port must be between 1 and 65535", subject: port)
        }
        let allocations = try await registry.allocations(
            matching: AllocationFilter(
                FilterBody(
                    app: query["app"],
                    instance: query["instance"],
                    service: query["service"],
                    port: Int(port)
                )
            ),
            project: try query.project
        )
        guard query["wide"] == "true" else { return try JSON.response(allocations.map(AllocationBody.init)) }
        return try JSON.response(wide(allocations))
    }

    private func wide(_ allocations: [Allocation]) -> [AllocationBody] {
        registry.reports(on: allocations).map { AllocationBody($0, registry: registry) }
    }

    @Sendable private func heartbeat(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let id = try context.allocationID
        let body = try await JSON.decodeIfPresent(HeartbeatBody.self, from: request)
        let renewed = try await registry.heartbeat(id: id, by: context.caller(via: Face(named: body?.face)))
        return try JSON.response(wide([renewed])[0])
    }

    @Sendable private func lookUp(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let name = try context.serviceName
        let allocations = try await registry.lookUp(name, in: try Query(request).scope)
        guard !allocations.isEmpty else { throw RegistryError.serviceNotFound(name) }
        return try JSON.response(ServiceBody(wide(allocations)))
    }

    @Sendable private func releaseNamed(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let released = try await registry.release(
            named: context.serviceName,
            in: try Query(request).scope,
            by: context.caller(via: .registry)
        )
        return try JSON.response(ServiceBody(released.map(AllocationBody.init)))
    }

    @Sendable private func releaseMatching(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let body = try await JSON.decode(FilterBody.self, from: request)
        let released = try await registry.release(
            matching: AllocationFilter(body),
            project: try body.project.map { body throws(RegistryError) in try ProjectDirectory(body) },
            by: context.caller(via: Face(named: body.face))
        )
        return try JSON.response(DeletedBody(deleted: released.count))
    }

    @Sendable private func releaseHolds(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        guard let name = try await JSON.decode(FaceHoldsBody.self, from: request).face else {
            throw RegistryError(.invalidRequest, "whose holds is not said", subject: "face")
        }
        let released = try await registry.releaseAll(by: context.caller(via: Face(named: name)))
        return try JSON.response(DeletedBody(deleted: released.count))
    }

    @Sendable private func release(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        _ = try await registry.release(id: context.allocationID, by: context.caller(via: .registry))
        return try JSON.response(StatusWordBody(status: "deleted"))
    }

    @Sendable private func check(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let port = try Port(named: context.parameters.get("port") ?? "")
        var answer = PortBody(port: Int(port.number), available: false, inUse: registry.isInUse(port))
        switch try await registry.availability(of: port) {
        case .available(let warnings):
            answer.available = true
            answer.warnings = warnings.isEmpty ? nil : warnings
        case .allocated(let holder): answer.holder = AllocationBody(holder)
        case .inUse: break
        }
        return try JSON.response(answer)
    }

    @Sendable private func forget(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let body = try await JSON.decode(ForgetBody.self, from: request)
        let forgotten = try await registry.forget(
            ServiceIdentity(app: body.app ?? "", instance: body.instance ?? "", service: body.service ?? ""),
            project: try body.project.map { body throws(RegistryError) in try ProjectDirectory(body) },
            by: context.caller(via: .registry)
        )
        return try JSON.response(
            ForgottenBody(
                app: forgotten.identity.app,
                instance: forgotten.identity.instance,
                service: forgotten.identity.service,
                port: Int(forgotten.port.number),
                released: forgotten.wasAllocated
            )
        )
    }
}

extension PortRequestContext {
    /// The path's allocation. Throws `invalid_request`.
    fileprivate var allocationID: Int64 {
        get throws {
            let text = parameters.get("id") ?? ""
            guard let id = Int64(text) else {
                throw RegistryError(.invalidRequest, "an allocation's id is a number", subject: text)
            }
            return id
        }
    }

    /// The path's name, in which slashes are percent-encoded. Throws `invalid_name`.
    fileprivate var serviceName: String {
        get throws {
            guard let name = parameters.get("name").flatMap(PercentEncoding.decoded) else {
                throw RegistryError(.invalidName, "the name in the path is no UTF-8 text", subject: "name")
            }
            return name
        }
    }
}
